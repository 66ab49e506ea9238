import type { Evidence, Finding } from '#shared/consistency/findings.ts';
import type { CheckEvent } from '#shared/contract/consistency.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { type OpenStory, openStory } from '../openStory.ts';
import { explain } from '../output.ts';

/** `check [story]`: prints what excludes each other. What could not be asked is remarked, and fails nothing. */
export async function checkCommand(
  context: CliContext,
  folder: string,
  options: { scene: string | undefined; pictures: boolean },
): Promise<CliResult> {
  const words = context.words.check;
  const story = await openStory(context, folder === '' ? undefined : folder);
  const sceneId = options.scene === undefined ? null : story.scene(options.scene).id;
  const events = story.open.studio.services.consistency.check(
    { sessionId: story.session.id, sceneId, pictures: options.pictures },
    context.signal,
  );
  let done: Extract<CheckEvent, { type: 'done' }> | null = null;
  for await (const event of events) {
    if (event.type === 'done') done = event;
    else if (event.type !== 'findings') context.output.event(event);
  }
  if (done === null) throw new AppError('internal/unexpected', 'The check ended without a result');
  if (done.problem !== null) {
    const { title, next } = explain(AppError.fromReport(done.problem), context.uiLanguage);
    context.output.note([words.unasked(done.unanswered), title, next].join('. '));
  }
  const { findings, scenesRead, scenesKnown, answers, unanswered } = done;
  const lines = findings.map((finding) => lineOf(context, story, finding));
  const message = findings.length === 0 ? words.clean : [...lines, words.found(findings.length)].join('\n');
  return success(message, {
    findings: findings.map((finding) => ({
      ...finding,
      character: nameOf(story, finding),
    })),
    scenes: scenesRead + scenesKnown,
    answers,
    unanswered,
    ...(done.problem === null ? {} : { problem: done.problem.code }),
  });
}

const nameOf = (story: OpenStory, { characterId }: Finding): string =>
  characterId === null ? '' : (story.session.story.characters[characterId]?.name ?? '');

function lineOf(context: CliContext, story: OpenStory, finding: Finding): string {
  const words = context.words.check;
  const about = [nameOf(story, finding), words.attributes[finding.attribute]].filter((part) => part !== '');
  const head = `${words.kinds[finding.kind]}: ${about.join(', ')} (${finding.confidence.toFixed(2)})`;
  return [
    head,
    ...[finding.a, finding.b].map(
      ({ evidence }) => `  ${placeOf(context, story, evidence)}: ${evidence.sentence}`,
    ),
  ].join('\n');
}

function placeOf(context: CliContext, story: OpenStory, evidence: Evidence): string {
  if (evidence.kind === 'sheet') return context.words.check.sheet;
  if (evidence.kind === 'picture') {
    const file = story.session.story.images[evidence.imageId]?.file ?? evidence.imageId;
    return context.words.check.picture(file, evidence.modelId ?? evidence.source);
  }
  const scenes = story.scenes();
  const index = scenes.findIndex(({ id }) => id === evidence.sceneId);
  return `${String(index + 1)} ${scenes[index]?.title ?? ''}`.trim();
}

import { AppError } from '#shared/errors/AppError.ts';
import { planCommands } from '#shared/models/planCommands.ts';
import type { StoryPlan } from '#shared/models/storyPlan.ts';
import { type CliResult, success } from '../cliResult.ts';
import type { CliContext } from '../context.ts';
import { type OpenStory, openStory } from '../openStory.ts';
import { modelNamed } from '../samplingOptions.ts';

export interface PlanOptions {
  readonly scenes: number;
  readonly title: string;
  readonly model: string | undefined;
  readonly seed: number | undefined;
  readonly accept: boolean;
}

/**
 * `plan [premise]`: writes a whole story beside the open one; without a premise it goes on where it was. Stopped, what has
 * come is kept. With `accept` what is written goes into the story. Errors: plan/none, task/*, model/*, engine/*.
 */
export async function planCommand(
  context: CliContext,
  premise: string,
  options: PlanOptions,
): Promise<CliResult> {
  const story = await openStory(context);
  const { plans } = story.open.studio.services;
  const here = { sessionId: story.session.id };
  if (premise.trim() !== '') {
    plans.begin({
      ...here,
      premise: premise.trim(),
      sceneCount: options.scenes,
      imageIds: [],
      modelId: modelNamed(options.model),
      title: options.title,
      seed: options.seed ?? null,
    });
  }
  const planned = async () => {
    const plan = await plans.get(here);
    if (!plan) throw new AppError('plan/none', 'No whole story was begun here');
    return plan;
  };
  if (options.accept && premise.trim() === '') return accept(context, story, await planned());
  let isStopped = false;
  try {
    await run(context, story);
  } catch (thrown) {
    if (!context.signal.aborted) throw thrown;
    isStopped = true;
  }
  const plan = await planned();
  const written = plan.scenes.filter((scene) => scene.isWritten).length;
  if (isStopped) {
    context.output.note(context.words.compose.planStopped(written, plan.scenes.length));
    throw new AppError('task/cancelled', 'Stopped');
  }
  if (options.accept) return accept(context, story, plan);
  return success(context.words.compose.planDone(plan.scenes.length), factsOf(plan));
}

async function run(context: CliContext, story: OpenStory): Promise<void> {
  const { plans } = story.open.studio.services;
  for await (const event of plans.run({ sessionId: story.session.id }, context.signal)) {
    context.output.event(event);
    if (event.type === 'text') context.output.streamAside(event.text);
    else if (event.type === 'step') {
      const scenes = (await plans.get({ sessionId: story.session.id }))?.scenes ?? [];
      const at = scenes.findIndex(({ id }) => id === event.sceneId);
      context.output.streamAside('\n');
      context.output.note(
        event.stage === 'scenes'
          ? context.words.writingScene(at + 1, scenes[at]?.title ?? '')
          : context.words.compose.stage(event.stage),
      );
    }
  }
  context.output.streamAside('\n');
}

async function accept(context: CliContext, story: OpenStory, plan: StoryPlan): Promise<CliResult> {
  const commands = planCommands(story.session.story, plan, { withTitle: true });
  if (commands.length > 0) await story.apply(...commands);
  await story.session.save();
  story.open.studio.services.plans.discard({ sessionId: story.session.id });
  const count = (kind: string) => commands.filter((command) => command.kind === kind).length;
  const message = context.words.compose.planAccepted(count('scene.add'), count('character.add'));
  return success(message, { ...factsOf(plan), accepted: true });
}

const factsOf = ({ title, characters, scenes }: StoryPlan) => ({
  title,
  characters: characters.map(({ name, description }) => ({ name, description })),
  scenes: scenes.map((scene) => ({ title: scene.title, summary: scene.summary, content: scene.text })),
});

import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import {
  type PlannedScene,
  PlanStage,
  type StoryPlan,
  type StoryPlanEvent,
  withCharacters,
  withScene,
  withScenes,
  withTitles,
} from '#shared/models/storyPlan.ts';
import type { WriteEvent } from '#shared/models/task.ts';
import { createCharacterId, createSceneId, type ImageId } from '#shared/story/ids.ts';
import { charactersOf, scenesOf, titlesOf, wholeLines } from '#shared/text/proposals/proposals.ts';
import type { RoutingFor } from '../feedback/createFeedbackService.ts';
import type { Session } from '../session.ts';
import { charactersOf as charactersOfStory, inLanguage } from '../tasks/sceneContext.ts';
import type { ShowPictures } from '../tasks/shownPictures.ts';
import { plannedSceneContext, proposalContext, recapContext } from './planContext.ts';

/** What the steps of a plan work with. `plan` and `change` always speak of the plan as it is now; one that was given up stays so. */
export interface PlanWriter {
  readonly engine: ContractRouterClient<EngineContract, Record<never, never>>;
  /** What the writer wants of the choice of a model. */
  readonly routing: RoutingFor;
  /** A picture in words. Errors: task/no-route, image/*, model/*. */
  readonly describe: (sessionId: SessionId, imageId: ImageId, signal: AbortSignal) => Promise<string>;
  /** Shows the plan's pictures to whoever writes. */
  readonly show: ShowPictures;
  readonly session: Session;
  plan(): StoryPlan;
  change(alter: (plan: StoryPlan) => StoryPlan): void;
}

/** How often an answer that cannot be read is asked for again. */
const attempts = 5;
/** A scene's length, in tokens. */
const sceneTokens = 400;
/** A text at least so long is summed up for the scenes after it. */
const recapLength = 600;
/** What was written is kept so often, so that a sudden end costs no more. */
const keepMs = 2_000;

/** The stories' own words for its pictures, else a model's; those that nobody can describe are left out. */
async function picturesOf(
  { session: { id: sessionId, story }, plan, describe }: PlanWriter,
  signal: AbortSignal,
): Promise<string[]> {
  const { imageIds, language } = plan();
  const texts: string[] = [];
  for (const id of imageIds) {
    const image = story.images[id];
    if (!image) continue;
    const told = inLanguage(image.caption, language) || inLanguage(image.alt, language);
    const text = told || (await describe(sessionId, id, signal).catch(() => ''));
    signal.throwIfAborted();
    if (text !== '') texts.push(text);
  }
  return texts;
}

/** Passes on what a writer of the window should see, and returns the whole text. */
async function* relay(events: AsyncIterable<WriteEvent>): AsyncGenerator<StoryPlanEvent, WrittenText> {
  let text = '';
  let done: WrittenText['done'] = null;
  for await (const event of events) {
    if (event.type === 'loading') yield event;
    else if (event.type === 'text') {
      text += event.text;
      yield { type: 'text', text: event.text };
    } else if (event.type === 'done') done = event;
  }
  return { text, done };
}

interface WrittenText {
  readonly text: string;
  readonly done: Extract<WriteEvent, { type: 'done' }> | null;
}

/**
 * Has a title, characters or an outline proposed and takes them into the plan. An answer that cannot be read is asked for
 * again, and told as the same step again. Errors: task/empty-answer after five, task/*, model/*, engine/*.
 */
export async function* propose(
  writer: PlanWriter,
  stage: ProposedStage,
  signal: AbortSignal,
): AsyncGenerator<StoryPlanEvent> {
  const pictures = await picturesOf(writer, signal);
  for (let attempt = 0; attempt < attempts; attempt++) {
    yield { type: 'step', stage, sceneId: null };
    const plan = writer.plan();
    const context = proposalContext(writer.session.story, plan, stage, pictures);
    const sampling = { seed: seedOf(plan, PlanStage.options.indexOf(stage), attempt) };
    const request = { context, routing: writer.routing('compose', plan.language, plan.modelId), sampling };
    yield { type: 'text', text: context.beginning };
    const { text, done } = yield* relay(await writer.engine.inference.compose(request, { signal }));
    signal.throwIfAborted();
    const answer = wholeLines(`${context.beginning}${text}`, done?.finish === 'length');
    if (take(writer, stage, answer)) return;
  }
  throw new AppError('task/empty-answer', `Nothing could be read as ${stage}`);
}

/** Another seed for every draw of a plan, the same ones for the same plan. */
const seedOf = ({ seed }: StoryPlan, place: number, attempt: number): number =>
  (seed + 7919 * place + attempt) % 2 ** 32;

type ProposedStage = Exclude<PlanStage, 'scenes'>;

/** Takes what an answer proposes into the plan; `false` where it proposes nothing. */
function take(writer: PlanWriter, stage: ProposedStage, answer: string): boolean {
  const { language } = writer.plan();
  switch (stage) {
    case 'title': {
      const titles = titlesOf(answer);
      if (titles.length > 0) writer.change((plan) => withTitles(plan, titles));
      return titles.length > 0;
    }
    case 'characters': {
      const characters = charactersOf(answer);
      const known = charactersOfStory(writer.session.story).flatMap(({ name, aliases }) => [
        name,
        ...aliases,
      ]);
      if (characters.length > 0) {
        writer.change((plan) => withCharacters(plan, characters, known, createCharacterId));
      }
      return characters.length > 0;
    }
    case 'outline': {
      const scenes = scenesOf(answer, language);
      if (scenes.length > 0) writer.change((plan) => withScenes(plan, scenes, createSceneId));
      return scenes.length > 0;
    }
  }
}

/** Writes a scene of the plan on from what is there of it. Stopped, what has come stays. Errors: as above. */
export async function* writePlannedScene(
  writer: PlanWriter,
  scene: PlannedScene,
  signal: AbortSignal,
): AsyncGenerator<StoryPlanEvent> {
  const pictures = await picturesOf(writer, signal);
  const plan = writer.plan();
  const context = plannedSceneContext(writer.session.story, plan, scene, pictures);
  const at = plan.scenes.findIndex(({ id }) => id === scene.id);
  const sampling = {
    maxTokens: sceneTokens,
    seed: seedOf(plan, PlanStage.options.length + at, scene.text.length),
  };
  let text = scene.text;
  let keptAt = performance.now();
  let isWritten = false;
  const keep = (patch: Partial<PlannedScene> = {}) =>
    writer.change((now) => withScene(now, scene.id, { text, ...patch }));
  try {
    const { session, engine } = writer;
    const { language, imageIds, modelId } = plan;
    const routing = writer.routing('write', language, modelId);
    const events = writer.show({ session, language, imageIds, modelId }, signal, async function* (rasters) {
      yield* await engine.inference.write({ context, rasters: [...rasters], routing, sampling }, { signal });
    });
    const written = relay(events);
    let next = await written.next();
    for (; !next.done; next = await written.next()) {
      if (next.value.type === 'text') text += next.value.text;
      if (performance.now() - keptAt > keepMs) {
        keep();
        keptAt = performance.now();
      }
      yield next.value;
    }
    signal.throwIfAborted();
    if (text.trim() === '') throw new AppError('task/empty-answer', 'Nothing was written');
    keep({ text: text.trim(), isWritten: true, modelId: next.value.done?.modelId ?? null });
    isWritten = true;
  } finally {
    if (!isWritten) keep();
  }
  const recap = await recapOf(writer, { ...scene, text }, signal);
  if (recap !== '') writer.change((now) => withScene(now, scene.id, { recap }));
}

/** A long scene in a few sentences; empty where no model here can sum up. */
async function recapOf(writer: PlanWriter, scene: PlannedScene, signal: AbortSignal): Promise<string> {
  if (scene.text.length < recapLength) return '';
  const context = recapContext(writer.session.story, writer.plan(), scene);
  try {
    const events = await writer.engine.inference.compose(
      { context, routing: writer.routing('compose', context.language, null), sampling: { maxTokens: 160 } },
      { signal },
    );
    let text = '';
    for await (const event of events) if (event.type === 'text') text += event.text;
    return text.trim();
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return '';
  }
}

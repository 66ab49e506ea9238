import { AppError } from '#shared/errors/AppError.ts';
import type { Sampling, WriteEvent } from '#shared/models/task.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { otherLanguage } from '#shared/story/scene.ts';
import { editBetween } from '#shared/story/textEdit.ts';
import { client } from '../api/client.ts';
import { useSelection } from './selectionStore.ts';
import { flushStory, openStory, useStoryStore } from './storyStore.ts';
import {
  changeDraft,
  createDraft,
  type Draft,
  type DraftPurpose,
  draftOf,
  showDraft,
  shownDraft,
  suggestions,
  textOf,
  useSuggestions,
} from './suggestionStore.ts';
import { moveOffset, passageAt } from './suggestionText.ts';

/** Drafts of this window that can be paged back to. */
const maxDrafts = 60;
/** Stop, pressed just when the end came, still means stop. */
const stopGraceMs = 700;

const running = new Map<string, AbortController>();
const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

export const stopDraft = (id: string): void => running.get(id)?.abort();

export function caretIn(sceneId: SceneId): number {
  const { text } = useSelection.getState();
  const whole = textOf(sceneId);
  const end = /[^\n]\n$/.test(whole) ? whole.length - 1 : whole.length;
  return text?.sceneId === sceneId ? Math.min(text.to, end) : end;
}

/** Gathers pieces that arrive faster than the screen is drawn. */
class Pieces {
  readonly #apply: (text: string, tokens: number) => void;
  #text = '';
  #tokens = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(apply: (text: string, tokens: number) => void) {
    this.#apply = apply;
  }

  add(text: string, tokens: number): void {
    this.#text += text;
    this.#tokens = tokens;
    this.#timer ??= setTimeout(() => this.flush(), 16);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === '') return;
    this.#apply(this.#text, this.#tokens);
    this.#text = '';
  }
}

/** What the studio is asked for a draft. */
function ask(
  draft: Draft,
  sampling: Partial<Sampling>,
  signal: AbortSignal,
): Promise<AsyncIterable<WriteEvent>> {
  const { sceneId, instruction, modelId, purpose, language, source } = draft;
  const { sessionId } = openStory();
  const common = { sessionId, sceneId, instruction, modelId, sampling };
  return purpose === 'write'
    ? client.tasks.write({ ...common, at: draft.at }, { signal })
    : client.tasks.compose({ ...common, purpose, language, source }, { signal });
}

async function run(id: string, sampling: Partial<Sampling>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const pieces = new Pieces((text, tokens) => {
    const now = draftOf(id);
    if (now) changeDraft(id, { text: now.text + text, tokens, phase: 'writing' });
  });
  try {
    await flushStory();
    const draft = draftOf(id);
    if (!draft) return;
    const events = await ask(draft, sampling, controller.signal);
    for await (const event of events) {
      if (controller.signal.aborted) break;
      take(id, event, pieces);
    }
    pieces.flush();
    changeDraft(id, { phase: 'done', stopped: controller.signal.aborted, endedAtMs: performance.now() });
  } catch (thrown) {
    pieces.flush();
    const error = AppError.from(thrown);
    if (controller.signal.aborted || error.code === 'task/cancelled')
      changeDraft(id, { phase: 'done', stopped: true });
    else changeDraft(id, { phase: 'failed', error });
  } finally {
    running.delete(id);
    removeIfEmpty(id);
  }
}

function take(id: string, event: WriteEvent, pieces: Pieces): void {
  switch (event.type) {
    case 'loading':
      changeDraft(id, { phase: 'loading', modelId: event.modelId });
      return;
    case 'prompt':
      changeDraft(id, { report: event.report, modelId: event.report.modelId });
      if (draftOf(id)?.text === '') changeDraft(id, { phase: 'reading' });
      return;
    case 'text':
      pieces.add(event.text, event.tokens);
      return;
    case 'done':
      pieces.flush();
      changeDraft(id, { result: event, modelId: event.modelId, seed: event.seed, tokens: event.tokens });
  }
}

/** A draft that was stopped before anything came is nothing to decide about. */
function removeIfEmpty(id: string): void {
  const { drafts, shown } = suggestions();
  const draft = drafts.find((one) => one.id === id);
  if (!draft?.stopped || draft.text.trim() !== '') return;
  useSuggestions.setState({ drafts: drafts.filter((one) => one.id !== id) });
  if (shown[draft.sceneId] === id) showDraft(draft.sceneId, null);
}

/**
 * Has a model make a draft of what is chosen: one that goes on from the caret, a new version of the selected passage (else of
 * the caret's paragraph), a summary or a translation of the scene. One at a time: what is being written in any scene is
 * stopped first.
 */
export function suggest(sceneId: SceneId, purpose: DraftPurpose = suggestions().choices.purpose): void {
  const { instruction, modelId, seed } = suggestions().choices;
  const scene = openStory().story.scenes[sceneId];
  if (!scene) return;
  const { at, source } = placeFor(sceneId, purpose);
  const language = purpose === 'translation' ? otherLanguage(scene.lang) : scene.lang;
  begin(
    createDraft({ sceneId, purpose, language, instruction, modelId, at, source, seed: seed ?? newSeed() }),
  );
}

/** Has a model write on from the caret. */
export const writeOn = (sceneId: SceneId): void => suggest(sceneId, 'write');

function placeFor(sceneId: SceneId, purpose: DraftPurpose): Pick<Draft, 'at' | 'source'> {
  if (purpose !== 'rewrite') return { at: caretIn(sceneId), source: '' };
  const { text } = useSelection.getState();
  const range = text?.sceneId === sceneId ? text : { from: 0, to: 0 };
  return passageAt(textOf(sceneId), range);
}

function begin(draft: Draft): void {
  for (const controller of running.values()) controller.abort();
  const { maxTokens, temperature } = suggestions().choices;
  const isFree = draft.purpose === 'write' || draft.purpose === 'rewrite';
  useSuggestions.setState(({ drafts }) => ({ drafts: [...drafts, draft].slice(-maxDrafts) }));
  showDraft(draft.sceneId, draft.id);
  const { seed } = draft;
  const length = draft.purpose === 'write' ? { maxTokens } : {};
  void run(draft.id, { ...length, ...(isFree ? { temperature } : {}), seed });
}

/** Stops writing in a scene; what came stays. `false` where nothing was being written. */
export function stopWriting(sceneId: SceneId): boolean {
  const draft = shownDraft(suggestions(), sceneId);
  if (!draft) return false;
  const controller = running.get(draft.id);
  if (!controller) return performance.now() - draft.endedAtMs < stopGraceMs;
  controller.abort();
  changeDraft(draft.id, { phase: 'done', stopped: true });
  return true;
}

/**
 * Has a draft written again with the model, the seed and the wish that it came from. Where nothing of the story changed, the
 * same words come.
 */
export function replay(draft: Draft): void {
  const { sceneId, purpose, language, source, at, instruction, modelId, seed } = draft;
  begin(createDraft({ sceneId, purpose, language, source, at, instruction, modelId, seed }));
}

/** Another draft of the same kind for the same place, with a new seed; the earlier ones stay a page away. */
export function regenerate(sceneId: SceneId): void {
  const before = shownDraft(suggestions(), sceneId);
  if (!before) return;
  const { purpose, language, source, at } = before;
  const { instruction, modelId } = suggestions().choices;
  begin(createDraft({ sceneId, purpose, language, source, at, instruction, modelId, seed: newSeed() }));
}

/** Moves every draft's place along with its scene's text, and forgets drafts of a story that was closed. */
useStoryStore.subscribe((now, before) => {
  const { drafts } = suggestions();
  if (drafts.length === 0) return;
  if (now.story?.id !== before.story?.id) {
    for (const controller of running.values()) controller.abort();
    useSuggestions.setState({ drafts: [], shown: {} });
    return;
  }
  for (const sceneId of new Set(drafts.map((draft) => draft.sceneId))) {
    const old = before.story?.scenes[sceneId]?.text ?? '';
    const text = now.story?.scenes[sceneId]?.text ?? '';
    const edit = old === text ? null : editBetween(old, text);
    if (!edit) continue;
    for (const draft of drafts) {
      if (draft.sceneId === sceneId) changeDraft(draft.id, { at: moveOffset(draft.at, edit) });
    }
  }
});

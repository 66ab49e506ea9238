import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { PromptReport, Sampling, WriteEvent } from '#shared/models/task.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Alternative } from '#shared/story/scene.ts';
import { editBetween } from '#shared/story/textEdit.ts';
import { client } from '../api/client.ts';
import { tellError } from './notices.ts';
import { select, useSelection } from './selectionStore.ts';
import { dispatch, flushStory, openStory, useStoryStore } from './storyStore.ts';
import { joinText, moveOffset, splitFirstParagraph } from './suggestionText.ts';

type Done = Extract<WriteEvent, { type: 'done' }>;

/** How far a draft is. `writing` once text came; `done` also after a stop, `failed` with whatever had come. */
export type DraftPhase = 'waiting' | 'loading' | 'reading' | 'writing' | 'done' | 'failed';

/** A text that a model proposed for a scene; nothing of it is in the story until it is accepted or kept. */
export interface Draft {
  readonly id: string;
  readonly sceneId: SceneId;
  readonly phase: DraftPhase;
  /** What came so far, or what the writer made of it. */
  readonly text: string;
  readonly tokens: number;
  readonly modelId: ModelId | null;
  readonly seed: number;
  /** Offset in the scene's text where it belongs; it moves with the text. */
  readonly at: number;
  readonly report: PromptReport | null;
  readonly result: Done | null;
  readonly error: AppError | null;
  readonly stopped: boolean;
  /** `performance.now()` when it ended by itself. */
  readonly endedAtMs: number;
  /** The scene's alternative that holds this text; `null` until kept. */
  readonly keptId: string | null;
}

/** What the writer chose for the next draft. Empty choices are the model's own. */
export interface WriteChoices {
  readonly instruction: string;
  readonly modelId: ModelId | null;
  readonly maxTokens: number;
  readonly temperature: number;
  /** `null`: a new one each time. */
  readonly seed: number | null;
}

export interface SuggestionState {
  readonly drafts: readonly Draft[];
  /** The draft shown in each scene. */
  readonly shown: Readonly<Record<SceneId, string>>;
  readonly choices: WriteChoices;
}

export const useSuggestions = create<SuggestionState>(() => ({
  drafts: [],
  shown: {},
  choices: { instruction: '', modelId: null, maxTokens: 160, temperature: 0.8, seed: null },
}));

/** Labels of the undo steps, in the language of the interface. */
export interface SuggestionLabels {
  readonly accepted: string;
  readonly kept: string;
  readonly removed: string;
  readonly snapshot: string;
}

const state = () => useSuggestions.getState();
const change = (id: string, patch: Partial<Draft>): void =>
  useSuggestions.setState(({ drafts }) => ({
    drafts: drafts.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)),
  }));

export const changeChoices = (patch: Partial<WriteChoices>): void =>
  useSuggestions.setState(({ choices }) => ({ choices: { ...choices, ...patch } }));

/** The draft shown in a scene. */
export const shownDraft = ({ drafts, shown }: SuggestionState, sceneId: SceneId): Draft | null =>
  drafts.find(({ id }) => id === shown[sceneId]) ?? null;

export const isRunning = ({ phase }: Draft): boolean => phase !== 'done' && phase !== 'failed';

/** Drafts of this window that can be paged back to. */
const maxDrafts = 60;
/** Stop, pressed just when the end came, still means stop. */
const stopGraceMs = 700;

const running = new Map<string, AbortController>();
const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

const show = (sceneId: SceneId, id: string | null): void =>
  useSuggestions.setState(({ shown }) => {
    const { [sceneId]: _before, ...others } = shown;
    return { shown: id === null ? others : { ...others, [sceneId]: id } };
  });

const textOf = (sceneId: SceneId): string => useStoryStore.getState().story?.scenes[sceneId]?.text ?? '';

function caretIn(sceneId: SceneId): number {
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

async function run(id: string, request: { instruction: string; sampling: Partial<Sampling> }): Promise<void> {
  const draft = state().drafts.find((one) => one.id === id);
  if (!draft) return;
  const { sceneId } = draft;
  const controller = new AbortController();
  running.set(id, controller);
  const pieces = new Pieces((text, tokens) => {
    const now = state().drafts.find((one) => one.id === id);
    if (now) change(id, { text: now.text + text, tokens, phase: 'writing' });
  });
  try {
    await flushStory();
    const at = state().drafts.find((one) => one.id === id)?.at ?? draft.at;
    const { sessionId } = openStory();
    const { instruction, sampling } = request;
    const events = await client.tasks.write(
      { sessionId, sceneId, instruction, at, modelId: draft.modelId, sampling },
      { signal: controller.signal },
    );
    for await (const event of events) {
      if (controller.signal.aborted) break;
      take(id, event, pieces);
    }
    pieces.flush();
    change(id, { phase: 'done', stopped: controller.signal.aborted, endedAtMs: performance.now() });
  } catch (thrown) {
    pieces.flush();
    const error = AppError.from(thrown);
    if (controller.signal.aborted || error.code === 'task/cancelled')
      change(id, { phase: 'done', stopped: true });
    else change(id, { phase: 'failed', error });
  } finally {
    running.delete(id);
    removeIfEmpty(id);
  }
}

function take(id: string, event: WriteEvent, pieces: Pieces): void {
  switch (event.type) {
    case 'loading':
      change(id, { phase: 'loading', modelId: event.modelId });
      return;
    case 'prompt':
      change(id, { phase: 'reading', report: event.report, modelId: event.report.modelId });
      return;
    case 'text':
      pieces.add(event.text, event.tokens);
      return;
    case 'done':
      pieces.flush();
      change(id, { result: event, modelId: event.modelId, seed: event.seed, tokens: event.tokens });
  }
}

/** A draft that was stopped before anything came is nothing to decide about. */
function removeIfEmpty(id: string): void {
  const { drafts, shown } = state();
  const draft = drafts.find((one) => one.id === id);
  if (!draft?.stopped || draft.text.trim() !== '') return;
  useSuggestions.setState({ drafts: drafts.filter((one) => one.id !== id) });
  if (shown[draft.sceneId] === id) show(draft.sceneId, null);
}

/** Has a model write on from the caret. One at a time: what is being written in any scene is stopped first. */
export function writeOn(sceneId: SceneId, { freshSeed = false } = {}): void {
  for (const controller of running.values()) controller.abort();
  const { instruction, modelId, maxTokens, temperature, seed } = state().choices;
  const before = shownDraft(state(), sceneId);
  const draft: Draft = {
    id: crypto.randomUUID(),
    sceneId,
    phase: 'waiting',
    text: '',
    tokens: 0,
    modelId,
    seed: freshSeed ? newSeed() : (seed ?? newSeed()),
    at: freshSeed && before ? before.at : caretIn(sceneId),
    report: null,
    result: null,
    error: null,
    stopped: false,
    endedAtMs: Number.NEGATIVE_INFINITY,
    keptId: null,
  };
  useSuggestions.setState(({ drafts }) => ({ drafts: [...drafts, draft].slice(-maxDrafts) }));
  show(sceneId, draft.id);
  void run(draft.id, { instruction, sampling: { maxTokens, temperature, seed: draft.seed } });
}

/** Stops writing in a scene; what came stays. `false` where nothing was being written. */
export function stopWriting(sceneId: SceneId): boolean {
  const draft = shownDraft(state(), sceneId);
  if (!draft) return false;
  const controller = running.get(draft.id);
  if (!controller) return performance.now() - draft.endedAtMs < stopGraceMs;
  controller.abort();
  change(draft.id, { phase: 'done', stopped: true });
  return true;
}

/** Another draft for the same place, with a new seed; the earlier ones stay a page away. */
export const regenerate = (sceneId: SceneId): void => writeOn(sceneId, { freshSeed: true });

export const editDraft = (id: string, text: string): void => change(id, { text });

/** Puts away the draft shown in a scene; it can still be paged back to. `false` where none is shown. */
export function rejectDraft(sceneId: SceneId): boolean {
  const draft = shownDraft(state(), sceneId);
  if (!draft) return false;
  running.get(draft.id)?.abort();
  show(sceneId, null);
  return true;
}

function insert(draft: Draft, text: string, labels: SuggestionLabels): number | null {
  const before = textOf(draft.sceneId);
  const at = Math.min(draft.at, before.length);
  const inserted = joinText(before.slice(0, at), text, before.slice(at));
  if (inserted === '') return null;
  client.snapshots
    .create({ sessionId: openStory().sessionId, name: labels.snapshot, reason: 'before-change' })
    .catch((thrown: unknown) => tellError(AppError.from(thrown)));
  const edits = [{ at, removed: '', inserted }];
  const accepted = dispatch([{ kind: 'text.edit', id: draft.sceneId, edits }], { label: labels.accepted });
  return accepted ? at + inserted.length : null;
}

/** Puts the shown draft into the text as one step of undo. `false` where none is ready. */
export function acceptDraft(sceneId: SceneId, labels: SuggestionLabels): boolean {
  const draft = shownDraft(state(), sceneId);
  if (!draft || draft.text.trim() === '') return false;
  running.get(draft.id)?.abort();
  const end = insert(draft, draft.text, labels);
  if (end === null) return false;
  useSuggestions.setState(({ drafts }) => ({ drafts: drafts.filter((one) => one.sceneId !== sceneId) }));
  show(sceneId, null);
  select({ reveal: { sceneId, from: end, to: end, text: '' } });
  return true;
}

/** Puts the first paragraph into the text; the rest stays to be decided. */
export function acceptFirstParagraph(sceneId: SceneId, labels: SuggestionLabels): void {
  const draft = shownDraft(state(), sceneId);
  if (!draft || isRunning(draft)) return;
  const { first, rest } = splitFirstParagraph(draft.text);
  if (rest.trim() === '') {
    acceptDraft(sceneId, labels);
    return;
  }
  const end = insert(draft, first, labels);
  if (end !== null) change(draft.id, { text: rest, at: end, keptId: null });
}

/** Whether the scene holds the draft as an alternative; undo may have taken it out again. */
export const isKept = ({ keptId }: Draft, alternatives: readonly Alternative[]): boolean =>
  alternatives.some(({ id }) => id === keptId);

/** Keeps the shown draft with the scene, for later. */
export function keepDraft(sceneId: SceneId, labels: SuggestionLabels): void {
  const draft = shownDraft(state(), sceneId);
  const scene = useStoryStore.getState().story?.scenes[sceneId];
  if (!draft || !scene || draft.text.trim() === '' || isKept(draft, scene.alternatives)) return;
  const alternative: Alternative = {
    id: crypto.randomUUID(),
    text: draft.text,
    createdAt: new Date().toISOString(),
    modelId: draft.modelId ?? '',
    seed: draft.seed,
  };
  const index = scene.alternatives.length;
  const kept = dispatch([{ kind: 'alternative.add', id: sceneId, alternative, index }], {
    label: labels.kept,
  });
  if (kept) change(draft.id, { keptId: alternative.id });
}

export function removeAlternative(sceneId: SceneId, alternativeId: string, labels: SuggestionLabels): void {
  const removed = dispatch([{ kind: 'alternative.remove', id: sceneId, alternativeId }], {
    label: labels.removed,
  });
  if (!removed) return;
  for (const draft of state().drafts) if (draft.keptId === alternativeId) change(draft.id, { keptId: null });
}

/** Shows a kept alternative as a draft that can be changed and accepted. */
export function showAlternative(sceneId: SceneId, { id, text, modelId, seed }: Alternative): void {
  const open = state().drafts.find((draft) => draft.keptId === id);
  if (open) {
    show(sceneId, open.id);
    return;
  }
  const draft: Draft = {
    id: crypto.randomUUID(),
    sceneId,
    phase: 'done',
    text,
    tokens: 0,
    modelId: modelId === '' ? null : (modelId as ModelId),
    seed,
    at: caretIn(sceneId),
    report: null,
    result: null,
    error: null,
    stopped: false,
    endedAtMs: Number.NEGATIVE_INFINITY,
    keptId: id,
  };
  useSuggestions.setState(({ drafts }) => ({ drafts: [...drafts, draft] }));
  show(sceneId, draft.id);
}

/** Everything that can be paged through in a scene, oldest first: what is kept, then this window's drafts. */
export function pagesOf(
  { drafts }: Pick<SuggestionState, 'drafts'>,
  sceneId: SceneId,
  alternatives: readonly Alternative[],
): readonly (Draft | Alternative)[] {
  const ofScene = drafts.filter((draft) => draft.sceneId === sceneId);
  const unopened = alternatives.filter(({ id }) => !ofScene.some(({ keptId }) => keptId === id));
  return [...unopened, ...ofScene];
}

/** Shows the page before or after. `false` where there is none, so that the key can do something else. */
export function pageDrafts(sceneId: SceneId, step: -1 | 1): boolean {
  const alternatives = useStoryStore.getState().story?.scenes[sceneId]?.alternatives ?? [];
  const pages = pagesOf(state(), sceneId, alternatives);
  if (pages.length === 0) return false;
  const shownId = state().shown[sceneId];
  const index = pages.findIndex(({ id }) => id === shownId);
  const page = index < 0 ? pages.at(step === -1 ? -1 : 0) : pages[index + step];
  if (!page) return true;
  if ('phase' in page) show(sceneId, page.id);
  else showAlternative(sceneId, page);
  return true;
}

/** Moves every draft's place along with its scene's text, and forgets drafts of a story that was closed. */
useStoryStore.subscribe((now, before) => {
  const { drafts } = state();
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
      if (draft.sceneId === sceneId) change(draft.id, { at: moveOffset(draft.at, edit) });
    }
  }
});

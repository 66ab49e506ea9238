import { create } from 'zustand';
import type { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { PromptReport, WriteEvent } from '#shared/models/task.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Alternative, Language } from '#shared/story/scene.ts';
import { useStoryStore } from './storyStore.ts';

type Done = Extract<WriteEvent, { type: 'done' }>;

/** How far a draft is. `writing` once text came; `done` also after a stop, `failed` with whatever had come. */
export type DraftPhase = 'waiting' | 'loading' | 'reading' | 'writing' | 'done' | 'failed';

/** What a draft is for: `write` goes on with the text, the others are made of a passage or of the whole scene. */
export const draftPurposes = ['write', 'rewrite', 'summary', 'translation'] as const;
export type DraftPurpose = (typeof draftPurposes)[number];

/** A text that a model proposed for a scene; nothing of it is in the story until it is accepted or kept. */
export interface Draft {
  readonly id: string;
  readonly sceneId: SceneId;
  readonly purpose: DraftPurpose;
  /** The language that it is written in. */
  readonly language: Language;
  /** The passage that it is a new version of; empty for the other purposes. */
  readonly source: string;
  readonly instruction: string;
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
  /** The writer changed it. */
  readonly isEdited: boolean;
  /** What the writer did with it was told as a vote on its model. */
  readonly isJudged: boolean;
}

/** What the writer chose for the next draft. Empty choices are the model's own. */
export interface WriteChoices {
  readonly purpose: DraftPurpose;
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
  choices: {
    purpose: 'write',
    instruction: '',
    modelId: null,
    maxTokens: 160,
    temperature: 0.8,
    seed: null,
  },
}));

/** A draft before anything came. */
export const createDraft = (
  fields: Partial<Draft> & Pick<Draft, 'sceneId' | 'language' | 'at' | 'seed' | 'modelId'>,
): Draft => ({
  id: crypto.randomUUID(),
  purpose: 'write',
  source: '',
  instruction: '',
  phase: 'waiting',
  text: '',
  tokens: 0,
  report: null,
  result: null,
  error: null,
  stopped: false,
  endedAtMs: Number.NEGATIVE_INFINITY,
  keptId: null,
  isEdited: false,
  isJudged: false,
  ...fields,
});

export const suggestions = (): SuggestionState => useSuggestions.getState();

export const draftOf = (id: string): Draft | undefined => suggestions().drafts.find((one) => one.id === id);

export const changeDraft = (id: string, patch: Partial<Draft>): void =>
  useSuggestions.setState(({ drafts }) => ({
    drafts: drafts.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)),
  }));

export const editDraft = (id: string, text: string): void => changeDraft(id, { text, isEdited: true });

/** Shows a draft in its scene, or none. */
export const showDraft = (sceneId: SceneId, id: string | null): void =>
  useSuggestions.setState(({ shown }) => {
    const { [sceneId]: _before, ...others } = shown;
    return { shown: id === null ? others : { ...others, [sceneId]: id } };
  });

export const changeChoices = (patch: Partial<WriteChoices>): void =>
  useSuggestions.setState(({ choices }) => ({ choices: { ...choices, ...patch } }));

/** The draft shown in a scene. */
export const shownDraft = ({ drafts, shown }: SuggestionState, sceneId: SceneId): Draft | null =>
  drafts.find(({ id }) => id === shown[sceneId]) ?? null;

export const isRunning = ({ phase }: Draft): boolean => phase !== 'done' && phase !== 'failed';

/** Whether the scene holds the draft as an alternative; undo may have taken it out again. */
export const isKept = ({ keptId }: Draft, alternatives: readonly Alternative[]): boolean =>
  alternatives.some(({ id }) => id === keptId);

export const textOf = (sceneId: SceneId): string =>
  useStoryStore.getState().story?.scenes[sceneId]?.text ?? '';

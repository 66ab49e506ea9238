import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Alternative } from '#shared/story/scene.ts';
import { planTranslation } from '#shared/story/translation.ts';
import { client } from '../api/client.ts';
import { vote } from './feedback.ts';
import { tellError } from './notices.ts';
import { openScene, select } from './selectionStore.ts';
import { dispatch, openStory, useStoryStore } from './storyStore.ts';
import { caretIn, stopDraft } from './suggestionRun.ts';
import {
  changeDraft,
  createDraft,
  type Draft,
  isKept,
  isRunning,
  type SuggestionState,
  showDraft,
  shownDraft,
  suggestions,
  textOf,
  useSuggestions,
} from './suggestionStore.ts';
import { joinText, replacement, splitFirstParagraph } from './suggestionText.ts';

/** Labels of the undo steps, in the language of the interface. */
export interface SuggestionLabels {
  readonly accepted: string;
  readonly kept: string;
  readonly removed: string;
  readonly snapshot: string;
}

/** Puts away the draft shown in a scene; it can still be paged back to. `false` where none is shown. */
export function rejectDraft(sceneId: SceneId): boolean {
  const draft = shownDraft(suggestions(), sceneId);
  if (!draft) return false;
  stopDraft(draft.id);
  judge(draft, 'rejected');
  showDraft(sceneId, null);
  return true;
}

/** One vote a draft: what became of it first. What was broken off by an error says nothing about the model's writing. */
function judge(draft: Draft, kind: 'accepted' | 'rejected'): void {
  const { id, modelId, isJudged, isEdited, error, result, purpose, language } = draft;
  if (isJudged || modelId === null || error || (kind === 'rejected' && !result)) return;
  changeDraft(id, { isJudged: true });
  const task = purpose === 'write' ? 'write' : 'compose';
  vote({ task, language, modelId, kind: kind === 'accepted' && isEdited ? 'edited' : kind });
}

/** What a draft becomes in the story, and the range of the scene's text to show afterwards. */
interface Acceptance {
  readonly commands: readonly Command[];
  /** `null` where the scene's text did not change. */
  readonly end: number | null;
  /** A scene that was made. */
  readonly sceneId: SceneId | null;
}

/** What accepting `text` of a draft does; `null` where there is nothing to accept, or the passage is not there any more. */
function acceptanceOf(draft: Draft, text: string, source: string): Acceptance | null {
  const { sceneId, purpose } = draft;
  const before = textOf(sceneId);
  const at = Math.min(draft.at, before.length);
  switch (purpose) {
    case 'write': {
      const inserted = joinText(before.slice(0, at), text, before.slice(at));
      if (inserted === '') return null;
      return {
        commands: [{ kind: 'text.edit', id: sceneId, edits: [{ at, removed: '', inserted }] }],
        end: at + inserted.length,
        sceneId: null,
      };
    }
    case 'rewrite': {
      if (before.slice(at, at + source.length) !== source) {
        tellError(new AppError('story/conflict', 'The passage was changed meanwhile'));
        return null;
      }
      const inserted = replacement(source, text);
      return {
        commands: [{ kind: 'text.edit', id: sceneId, edits: [{ at, removed: source, inserted }] }],
        end: at + inserted.length,
        sceneId: null,
      };
    }
    case 'summary':
      return {
        commands: [{ kind: 'scene.update', id: sceneId, patch: { summary: text.trim() } }],
        end: null,
        sceneId: null,
      };
    case 'translation':
      return translationOf(draft, text);
  }
}

/** A translation becomes a scene of its own, right after the one that it is of. */
function translationOf({ sceneId, language }: Draft, text: string): Acceptance | null {
  const added = planTranslation(openStory().story, sceneId, { language, text });
  return added && { ...added, end: null };
}

function carryOut({ commands }: Acceptance, labels: SuggestionLabels): boolean {
  client.snapshots
    .create({ sessionId: openStory().sessionId, name: labels.snapshot, reason: 'before-change' })
    .catch((thrown: unknown) => tellError(AppError.from(thrown)));
  return dispatch(commands, { label: labels.accepted });
}

/** Puts the shown draft into the story as one step of undo. `false` where none is ready. */
export function acceptDraft(sceneId: SceneId, labels: SuggestionLabels): boolean {
  const draft = shownDraft(suggestions(), sceneId);
  if (!draft || draft.text.trim() === '') return false;
  stopDraft(draft.id);
  const acceptance = acceptanceOf(draft, draft.text, draft.source);
  if (!acceptance || !carryOut(acceptance, labels)) return false;
  judge(draft, 'accepted');
  useSuggestions.setState(({ drafts }) => ({ drafts: drafts.filter((one) => one.sceneId !== sceneId) }));
  showDraft(sceneId, null);
  const { end } = acceptance;
  if (end !== null) select({ reveal: { sceneId, from: end, to: end, text: '' } });
  if (acceptance.sceneId !== null) openScene(acceptance.sceneId);
  return true;
}

/** Puts the first paragraph into the text, of a new version in the place of the old one's; the rest stays to be decided. */
export function acceptFirstParagraph(sceneId: SceneId, labels: SuggestionLabels): void {
  const draft = shownDraft(suggestions(), sceneId);
  if (!draft || isRunning(draft)) return;
  const { first, rest } = splitFirstParagraph(draft.text);
  const old = splitFirstParagraph(draft.source);
  const isLast = rest.trim() === '' || (draft.purpose === 'rewrite' && old.rest.trim() === '');
  if (isLast || (draft.purpose !== 'write' && draft.purpose !== 'rewrite')) {
    acceptDraft(sceneId, labels);
    return;
  }
  const acceptance = acceptanceOf(draft, first, old.first);
  if (!acceptance || !carryOut(acceptance, labels)) return;
  judge(draft, 'accepted');
  const at = acceptance.end ?? draft.at;
  changeDraft(draft.id, { text: rest, source: old.rest, at, keptId: null });
}

/** Keeps the shown draft with the scene, for later. */
export function keepDraft(sceneId: SceneId, labels: SuggestionLabels): void {
  const draft = shownDraft(suggestions(), sceneId);
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
  if (kept) changeDraft(draft.id, { keptId: alternative.id });
}

export function removeAlternative(sceneId: SceneId, alternativeId: string, labels: SuggestionLabels): void {
  const removed = dispatch([{ kind: 'alternative.remove', id: sceneId, alternativeId }], {
    label: labels.removed,
  });
  if (!removed) return;
  for (const draft of suggestions().drafts)
    if (draft.keptId === alternativeId) changeDraft(draft.id, { keptId: null });
}

/** Shows a kept alternative as a draft that can be changed and accepted. */
export function showAlternative(sceneId: SceneId, { id, text, modelId, seed }: Alternative): void {
  const open = suggestions().drafts.find((draft) => draft.keptId === id);
  if (open) {
    showDraft(sceneId, open.id);
    return;
  }
  const language = useStoryStore.getState().story?.scenes[sceneId]?.lang ?? 'en';
  const by = modelId === '' ? null : (modelId as ModelId);
  const at = caretIn(sceneId);
  const draft = createDraft({ sceneId, language, text, seed, at, modelId: by, phase: 'done', keptId: id });
  useSuggestions.setState(({ drafts }) => ({ drafts: [...drafts, draft] }));
  showDraft(sceneId, draft.id);
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
  const pages = pagesOf(suggestions(), sceneId, alternatives);
  if (pages.length === 0) return false;
  const shownId = suggestions().shown[sceneId];
  const index = pages.findIndex(({ id }) => id === shownId);
  const page = index < 0 ? pages.at(step === -1 ? -1 : 0) : pages[index + step];
  if (!page) return true;
  if ('phase' in page) showDraft(sceneId, page.id);
  else showAlternative(sceneId, page);
  return true;
}

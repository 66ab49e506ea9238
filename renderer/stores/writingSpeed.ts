import { create } from 'zustand';
import type { ModelId } from '#shared/models/manifest.ts';
import { type Draft, isRunning, useSuggestions } from './suggestionStore.ts';

/** How fast a model writes now, or wrote last, as this window saw it. */
export interface WritingSpeed {
  readonly modelId: ModelId;
  readonly tokensPerSecond: number;
  readonly isRunning: boolean;
}

export const useWritingSpeed = create<{ latest: WritingSpeed | null }>(() => ({ latest: null }));

/** Too few tokens say nothing about speed. */
const minTokens = 4;

let timed: { readonly draftId: string; readonly startedAtMs: number; readonly tokensBefore: number } | null =
  null;

function measure(draft: Draft | undefined): WritingSpeed | null {
  if (!draft || draft.modelId === null) return null;
  const { modelId, result } = draft;
  if (result) return { modelId, tokensPerSecond: result.tokensPerSecond, isRunning: false };
  if (draft.phase !== 'writing' || draft.tokens === 0) return null;
  if (timed?.draftId !== draft.id) {
    timed = { draftId: draft.id, startedAtMs: performance.now(), tokensBefore: draft.tokens };
    return null;
  }
  const tokens = draft.tokens - timed.tokensBefore;
  const seconds = (performance.now() - timed.startedAtMs) / 1000;
  return tokens < minTokens || seconds <= 0
    ? null
    : { modelId, tokensPerSecond: tokens / seconds, isRunning: true };
}

useSuggestions.subscribe(({ drafts }, before) => {
  if (drafts === before.drafts) return;
  const changed = drafts.findLast((draft) => !before.drafts.includes(draft));
  const speed = measure(changed);
  const { latest } = useWritingSpeed.getState();
  if (speed) useWritingSpeed.setState({ latest: speed });
  else if (latest?.isRunning && !drafts.some(isRunning)) {
    useWritingSpeed.setState({ latest: { ...latest, isRunning: false } });
  }
});

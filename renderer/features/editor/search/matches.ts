import type { SearchQuery } from '@codemirror/search';
import type { EditorState } from '@codemirror/state';

/** How many places match, up to a limit, and which of them is selected (1-based; 0 for none). */
export interface Matches {
  readonly count: number;
  readonly current: number;
  readonly truncated: boolean;
}

export const maxMatches = 2_000;

export function countMatches(state: EditorState, query: SearchQuery): Matches {
  if (!query.valid) return { count: 0, current: 0, truncated: false };
  const { from, to } = state.selection.main;
  const cursor = query.getCursor(state);
  let count = 0;
  let current = 0;
  for (let step = cursor.next(); !step.done; step = cursor.next()) {
    if (count === maxMatches) return { count, current, truncated: true };
    count += 1;
    if (step.value.from === from && step.value.to === to) current = count;
  }
  return { count, current, truncated: false };
}

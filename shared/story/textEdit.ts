import { z } from 'zod';

/** At UTF-16 offset `at`, the text `removed` stood and `inserted` replaces it. Carries both, so it can be inverted and checked. */
export const TextEdit = z.object({
  at: z.number().int().nonnegative(),
  removed: z.string(),
  inserted: z.string(),
});
export type TextEdit = z.infer<typeof TextEdit>;

/** Applies edits one after the other (each sees its predecessors' result); `null` where a `removed` text does not stand. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | null {
  let result = text;
  for (const { at, removed, inserted } of edits) {
    if (!result.startsWith(removed, at) || at > result.length) return null;
    result = result.slice(0, at) + inserted + result.slice(at + removed.length);
  }
  return result;
}

export const invertEdits = (edits: readonly TextEdit[]): TextEdit[] =>
  edits.toReversed().map(({ at, removed, inserted }) => ({ at, removed: inserted, inserted: removed }));

/** The one edit that turns `before` into `after`: what differs between the common start and the common end. */
export function editBetween(before: string, after: string): TextEdit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    at: start,
    removed: before.slice(start, before.length - end),
    inserted: after.slice(start, after.length - end),
  };
}

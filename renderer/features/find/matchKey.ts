import type { SearchMatch } from '#shared/contract/studio.ts';

/** Tells matches of one search apart. */
export const matchKey = ({ target, field, at }: SearchMatch): string =>
  `${target.kind} ${target.id} ${field} ${String(at)}`;

import type { Input } from '../../runtime/LazySession.ts';

/** How a checkpoint's text encoder wants its ids. */
export interface TextShape {
  readonly contextTokens: number;
  readonly padId: number;
  /** SigLIP was trained on texts filled up to the whole context; the others take the longest of the batch. */
  readonly fillsContext: boolean;
}

/** A text that is too long loses its end, but not its closing mark. */
export const truncate = (ids: readonly number[], most: number): readonly number[] =>
  ids.length > most ? [...ids.slice(0, most - 1), ...ids.slice(-1)] : ids;

/** Ids of several texts as one batch: input_ids and attention_mask i64[b,s], token_type_ids for encoders that ask. */
export function textInputs(
  texts: readonly (readonly number[])[],
  { contextTokens, padId, fillsContext }: TextShape,
): Readonly<Record<string, Input>> {
  const rows = texts.map((ids) => truncate(ids, contextTokens));
  const width = fillsContext ? contextTokens : Math.max(...rows.map((ids) => ids.length));
  const shape = [rows.length, width];
  const ids = new BigInt64Array(rows.length * width).fill(BigInt(padId));
  const mask = new BigInt64Array(ids.length);
  for (const [row, tokens] of rows.entries()) {
    ids.set(BigInt64Array.from(tokens, BigInt), row * width);
    mask.fill(1n, row * width, row * width + tokens.length);
  }
  return {
    input_ids: { type: 'int64', data: ids, shape },
    attention_mask: { type: 'int64', data: mask, shape },
    token_type_ids: { type: 'int64', data: new BigInt64Array(ids.length), shape },
  };
}

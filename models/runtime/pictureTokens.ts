/** Features of one picture at most; a power of two, so that a token holds both the picture and the feature. */
const most = 2 ** 16;

/** Bits of a picture's hash that a token has room for. */
const keyDigits = 9;

/**
 * A picture's features stand in a sequence of tokens as negative numbers made from the picture's content: what begins with
 * the same numbers then begins with the same pictures, and whatever compares tokens compares pictures.
 */
export const pictureToken = (key: number, feature: number): number => -(key * most + feature + 1);

export const isPictureToken = (token: number): boolean => token < 0;

/** The picture and the feature that a token stands for. */
export const pictureOf = (token: number): { key: number; feature: number } => {
  const value = -token - 1;
  return { key: Math.floor(value / most), feature: value % most };
};

/** 36 bits of a hexadecimal hash. */
export const pictureKey = (hash: string): number => Number.parseInt(hash.slice(0, keyDigits), 16);

/** All the tokens of a picture with `count` features, in order. */
export const pictureTokens = (key: number, count: number): number[] =>
  Array.from({ length: count }, (_, feature) => pictureToken(key, feature));

/** The tokens of a picture that is written in parts: each mark among `ids` becomes the features of the next part. */
export function tileTokens(ids: readonly number[], mark: number, features: readonly number[]): number[] {
  const each = features.length / ids.filter((id) => id === mark).length;
  let part = 0;
  return ids.flatMap((id) => (id === mark ? features.slice(part * each, ++part * each) : [id]));
}

/** A prompt whose marks have become pictures. */
export interface ExpandedPrompt {
  readonly tokens: readonly number[];
  /** Where the first `count` tokens of the unexpanded prompt end. */
  after(count: number): number;
}

/** Puts the pictures in the places of their marks, in order. Both must be equally many. */
export function expandMarks(
  ids: readonly number[],
  mark: number,
  pictures: readonly (readonly number[])[],
): ExpandedPrompt {
  let seen = 0;
  const tokens: number[] = [];
  const ends: number[] = [0];
  for (const id of ids) {
    if (id === mark) tokens.push(...(pictures[seen++] ?? []));
    else tokens.push(id);
    ends.push(tokens.length);
  }
  return { tokens, after: (count) => ends[Math.min(count, ids.length)] ?? tokens.length };
}

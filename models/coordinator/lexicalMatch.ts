import { ModelId } from '#shared/models/manifest.ts';

/** Reported where no model compared meanings: words and names that a passage and a picture's text share. */
export const lexicalMatchId: ModelId = ModelId.parse('lexical-match');

const stopWords = new Set(
  (
    'a an and are as at be been but by for from had has have he her him his i in into is it its me my not of on or our ' +
    'out she so than that the their them then there they this to up us was we were what when where which who will with you your'
  ).split(' '),
);

/** Han characters that join words rather than mean something. */
const joiningHan = /[的了着过吗呢吧啊和与或在是有就都也很把被这那个一上下里中他她它们我你]/u;

/**
 * What a text is about, as comparable pieces: English words without their endings, and pairs of Han characters (a single
 * one where it stands alone).
 */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  for (const [word] of text
    .toLowerCase()
    .matchAll(/[\p{Script=Latin}\p{N}][\p{Script=Latin}\p{N}\p{M}'’]*/gu)) {
    if (!stopWords.has(word)) terms.add(stem(word));
  }
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu)) {
    for (const part of run.split(joiningHan)) addHan(terms, Array.from(part));
  }
  return terms;
}

function addHan(terms: Set<string>, letters: readonly string[]): void {
  const [only] = letters;
  if (letters.length === 1 && only !== undefined) terms.add(only);
  for (let index = 0; index + 1 < letters.length; index++) {
    terms.add(`${letters[index] ?? ''}${letters[index + 1] ?? ''}`);
  }
}

const stem = (word: string): string =>
  word
    .replace(/['’]s?$/u, '')
    .replace(/(?<=.{3})(?:ies)$/u, 'y')
    .replace(/(?<=.{3})(?:ing|ed|es|s)$/u, '');

/** Cosine of two sets of terms: 0 where they share none, 1 where they are the same. */
export function lexicalSimilarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const term of a) if (b.has(term)) shared += 1;
  return shared / Math.sqrt(a.size * b.size);
}

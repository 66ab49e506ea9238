import type { Language } from '#shared/story/scene.ts';

/** Phrases looked at in one passage; a longer passage is read evenly spread. */
const maxPhrases = 200;
/** Sentences longer than this are also looked at clause by clause. */
const longSentence = 80;

/** Markup that is not prose: pictures, link targets, heading and emphasis marks. */
const prose = (markdown: string): string =>
  markdown
    .replace(/!\[[^\]\n]*\]\([^)\n]*\)/g, ' ')
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^[#>\s]+|[*_`~]/gm, ' ');

/** A passage in phrases: sentences, and the clauses of long ones. Every phrase appears once, in reading order. */
export function phrasesOf(passage: string, language: Language): string[] {
  const sentences = Array.from(
    new Intl.Segmenter(language, { granularity: 'sentence' }).segment(prose(passage)),
    ({ segment }) => segment.replace(/\s+/g, ' ').trim(),
  );
  const phrases = sentences.flatMap((sentence) =>
    sentence.length > longSentence
      ? sentence.split(/(?<=[,;:—，；：、])\s*/).reduce<string[]>(joinShort, [])
      : [sentence],
  );
  const unique = [...new Set(phrases.filter((phrase) => /[\p{L}\p{N}]/u.test(phrase)))];
  if (unique.length <= maxPhrases) return unique;
  return Array.from(
    { length: maxPhrases },
    (_, index) => unique[Math.floor((index * unique.length) / maxPhrases)] ?? '',
  );
}

/** Clauses too short to mean anything alone stay with the one before. */
function joinShort(clauses: string[], clause: string): string[] {
  const last = clauses.at(-1);
  if (last !== undefined && Math.min(last.length, clause.length) < 20)
    return [...clauses.slice(0, -1), `${last} ${clause}`];
  return [...clauses, clause];
}

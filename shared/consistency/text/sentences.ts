import type { Language } from '../../story/scene.ts';

/** A sentence of a text with its UTF-16 offsets. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Number of the paragraph it stands in. */
  readonly paragraph: number;
  /** Spans within the sentence that somebody says, as offsets into `text`. */
  readonly quotes: readonly { readonly start: number; readonly end: number }[];
}

const boundary: Record<Language, RegExp> = {
  en: /[.!?…]+["”’)\]]*(?=\s|$)|\n{2,}|\n(?=\S)/gu,
  zh: /[。！？…]+[”」』）"]*|\n+/gu,
};
const abbreviation = /\b(?:Mrs?|Ms|Dr|St|Prof|Capt|Lt|Sgt|Jr|Sr|vs|No)\.$/;

/** Splits prose into sentences. Markup is left where it stands, so that offsets stay those of the source. */
export function sentencesOf(text: string, language: Language): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  let paragraph = 0;
  const quotes = quotedSpans(text);
  const take = (end: number) => {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const body = raw.trim();
    if (body !== '') {
      const at = start + lead;
      const until = at + body.length;
      const inside = quotes
        .filter((quote) => quote.start < until && quote.end > at)
        .map((quote) => ({
          start: Math.max(0, quote.start - at),
          end: Math.min(body.length, quote.end - at),
        }));
      sentences.push({ start: at, end: until, text: body, paragraph, quotes: inside });
    }
    start = end;
  };
  for (const match of text.matchAll(boundary[language])) {
    const end = match.index + match[0].length;
    if (language === 'en' && abbreviation.test(text.slice(Math.max(0, end - 8), end))) continue;
    take(end);
    if (match[0].includes('\n')) paragraph += 1;
  }
  take(text.length);
  return sentences;
}

const quotePairs: Record<string, string> = { '“': '”', '「': '」', '『': '』', '"': '"' };

/** Speech, paragraph by paragraph: an opening mark that is never closed ends with its paragraph. */
function quotedSpans(text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let open: { start: number; closing: string } | null = null;
  for (let at = 0; at < text.length; at++) {
    const mark = text.charAt(at);
    if (open !== null) {
      if (mark === open.closing || mark === '\n') {
        spans.push({ start: open.start, end: at + 1 });
        open = null;
      }
      continue;
    }
    const closing = quotePairs[mark];
    if (closing !== undefined) open = { start: at, closing };
  }
  if (open !== null) spans.push({ start: open.start, end: text.length });
  return spans;
}

export const isQuoted = (sentence: Sentence, at: number): boolean =>
  sentence.quotes.some(({ start, end }) => at >= start && at < end);

import type { TextEdit } from '#shared/story/textEdit.ts';

/** Where an offset is after an edit. What is inserted right at it stands before it afterwards. */
export function moveOffset(at: number, { at: start, removed, inserted }: TextEdit): number {
  const end = start + removed.length;
  if (at < start || (at === start && removed !== '')) return at;
  return at >= end ? at + inserted.length - removed.length : start + inserted.length;
}

const noSpaceScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。！？；：、“”‘’（）《》…—]/u;
const opensWord = /^[\p{L}\p{N}("“‘*_[]/u;

const needsSpace = (before: string, after: string): boolean => {
  const last = Array.from(before.slice(-2)).at(-1) ?? '';
  const first = Array.from(after.slice(0, 2))[0] ?? '';
  if (last === '' || first === '' || /\s/.test(last) || /[([“‘"'—–-]$/.test(last)) return false;
  return opensWord.test(first) && !noSpaceScript.test(last) && !noSpaceScript.test(first);
};

/** A model's lines as CommonMark paragraphs. */
export const asParagraphs = (text: string): string => text.replace(/[ \t]*(?:\r?\n[ \t]*)+/g, '\n\n');

/**
 * What to insert so that `text` reads on from `before` and into `after`: one space between words, none in Chinese, no
 * space at the start of a paragraph, no blank lines at the end of the scene.
 */
export function joinText(before: string, text: string, after: string): string {
  const paragraphs = asParagraphs(text).trimEnd();
  const body = /(?:^|\s)$/.test(before) ? paragraphs.trimStart() : paragraphs;
  if (body === '') return '';
  const lead = needsSpace(before, body) ? ' ' : '';
  const tail = needsSpace(body, after) ? ' ' : '';
  return `${lead}${body}${tail}`;
}

/** The first paragraph of a suggestion, and what is left of it. */
export function splitFirstParagraph(text: string): { first: string; rest: string } {
  const lead = /^\s*/.exec(text)?.[0] ?? '';
  const body = text.slice(lead.length);
  const end = body.search(/\n/);
  if (end < 0) return { first: text, rest: '' };
  return { first: lead + body.slice(0, end), rest: body.slice(end) };
}

/** The selected passage, else the paragraph that the caret stands in; white space around it left out. */
export function passageAt(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): {
  readonly at: number;
  readonly source: string;
} {
  let [start, end] = [Math.min(from, text.length), Math.min(to, text.length)];
  if (start === end) {
    start = text.lastIndexOf('\n\n', Math.max(0, start - 1)) + 1;
    const next = text.indexOf('\n\n', end);
    end = next < 0 ? text.length : next;
  }
  const passage = text.slice(start, end);
  const lead = passage.length - passage.trimStart().length;
  return { at: start + lead, source: passage.trim() };
}

/** A new version of a passage as paragraphs; the white space around the old one stays. */
export function replacement(source: string, text: string): string {
  const lead = /^\s*/.exec(source)?.[0] ?? '';
  const tail = source.trim() === '' ? '' : (/\s*$/.exec(source)?.[0] ?? '');
  return `${lead}${asParagraphs(text).trim()}${tail}`;
}

/** A piece of a line: offsets in it and the raw source there. */
interface Slice {
  readonly from: number;
  readonly to: number;
}

/** A picture that stands alone on its line, `![alt](target "caption")`, with the offsets of its parts in the line. */
export interface Figure {
  /** Plain text, escapes resolved. */
  readonly alt: string;
  /** Plain text, escapes resolved; empty without one. */
  readonly caption: string;
  /** The link target as written, angle brackets removed. */
  readonly target: string;
  readonly altSlice: Slice;
  readonly targetSlice: Slice;
  /** The caption with its quotation marks and the space before it; empty just after the target without one. */
  readonly captionSlice: Slice;
}

/** A replacement inside a line. */
export interface LineEdit extends Slice {
  readonly insert: string;
}

const figurePattern =
  /^ {0,3}!\[((?:\\.|[^[\]\\])*)\]\([ \t]*(<[^<>]*>|[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)((?:[ \t]+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)))?)[ \t]*\)[ \t]*$/d;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

const plainText = (source: string): string =>
  source.replace(
    /\\([!-/:-@[-`{-~])|&(amp|lt|gt|quot|nbsp);/g,
    (_whole, mark: string | undefined, entity: string | undefined) =>
      mark ?? (entity === undefined ? '' : (entities[entity] ?? '')),
  );

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');
const escapeAlt = (text: string): string => oneLine(text).replace(/[\\[\]*_`<&]/g, '\\$&');
const escapeCaption = (text: string): string => oneLine(text).replace(/[\\"&]/g, '\\$&');
const captionSource = (caption: string): string => (caption === '' ? '' : ` "${escapeCaption(caption)}"`);

/** A mark that a backslash keeps from closing or opening anything: the target does not end, or nest, where it seems to. */
const escapedParenthesis = /(?<!\\)(?:\\\\)*\\[()]/;
const escapedAngle = /(?<!\\)(?:\\\\)*\\>$/;

/** Reads a line as a figure; `null` where it is anything else. */
export function parseFigure(line: string): Figure | null {
  const match = figurePattern.exec(line);
  const [alt, target, caption] = match?.indices?.slice(1) ?? [];
  if (!alt || !target || !caption) return null;
  const written = line.slice(target[0], target[1]);
  const misread = written.startsWith('<')
    ? escapedAngle.test(written)
    : escapedParenthesis.test(line.slice(target[0], target[1] + 1));
  if (misread) return null;
  const quoted = line.slice(caption[0], caption[1]).trim();
  return {
    alt: plainText(line.slice(alt[0], alt[1])),
    target: written.replace(/^<|>$/g, ''),
    caption: plainText(quoted.slice(1, -1)),
    altSlice: { from: alt[0], to: alt[1] },
    targetSlice: { from: target[0], to: target[1] },
    captionSlice: { from: caption[0], to: caption[1] },
  };
}

/** The splice of the line that gives the figure another alt text. */
export const editAlt = (figure: Figure, alt: string): LineEdit => ({
  ...figure.altSlice,
  insert: escapeAlt(alt),
});

/** The splice of the line that gives the figure another caption; an empty one removes it with its quotation marks. */
export const editCaption = (figure: Figure, caption: string): LineEdit => ({
  ...figure.captionSlice,
  insert: captionSource(oneLine(caption)),
});

/** The name inside the story's `images/` folder that a target means; `null` where it points anywhere else. */
export function imageFileOf(target: string): string | null {
  const match = /^(?:\.{1,2}\/)*images\/([^/\\?#]+)$/.exec(target);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}

/** Markdown of a picture of the story as it stands in a scene file. */
export function figureMarkdown(picture: { file: string; alt: string; caption: string }): string {
  const path = `../images/${picture.file.replace(/%/g, '%25')}`;
  const target = /[\s()<>]/.test(path) ? `<${path.replace(/[<>]/g, encodeURIComponent)}>` : path;
  return `![${escapeAlt(picture.alt)}](${target}${captionSource(oneLine(picture.caption))})`;
}

/**
 * `block` set into `text` at `at` as a paragraph of its own: the blank lines that are missing around it are added.
 * A place inside a paragraph moves to that paragraph's end, so that no sentence is cut in two.
 */
export function blockInsertion(text: string, at: number, block: string): { at: number; insert: string } {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEndFound = text.indexOf('\n', at);
  const lineEnd = lineEndFound < 0 ? text.length : lineEndFound;
  const onBlankLine = text.slice(lineStart, lineEnd).trim() === '';
  const paragraphEnd = /\n[ \t]*(?:\n|$)/g;
  paragraphEnd.lastIndex = lineEnd;
  const place = onBlankLine
    ? lineStart
    : at === lineStart && startsParagraph(text, at)
      ? at
      : (paragraphEnd.exec(text)?.index ?? text.length);
  const before = text.slice(Math.max(0, place - 400), place);
  const after = text.slice(place, place + 400);
  const lead =
    before === '' || /\n[ \t]*\n[ \t]*$/.test(before) || /^[ \t]*\n[ \t]*$/.test(before)
      ? ''
      : /\n[ \t]*$/.test(before)
        ? '\n'
        : '\n\n';
  const tail =
    after.trim() === '' && !after.includes('\n')
      ? '\n'
      : /^[ \t]*\n[ \t]*(?:\n|$)/.test(after)
        ? ''
        : /^[ \t]*\n/.test(after)
          ? '\n'
          : '\n\n';
  return { at: place, insert: `${lead}${block}${tail}` };
}

const startsParagraph = (text: string, at: number): boolean =>
  at === 0 || /\n[ \t]*\n$/.test(text.slice(Math.max(0, at - 200), at));

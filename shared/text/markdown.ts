import type { Definition, Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as plainText } from 'mdast-util-to-string';

const deepestContainers = 100;
const containerMarks = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

/**
 * A CommonMark text as a syntax tree with offsets; `null` where quotes and lists are nested deeper than 100, which no
 * prose is and which costs a parser more than its length.
 */
export function parseMarkdown(markdown: string): Root | null {
  for (const line of markdown.split('\n')) {
    const marks = containerMarks.exec(line)?.[0].match(/>|[-+*]|\d+[.)]/g)?.length ?? 0;
    if (marks > deepestContainers || /^[ \t]{600}/.test(line)) return null;
  }
  return fromMarkdown(markdown);
}

/** Every node, parents before children, in reading order. Not recursive. */
export function* walkMarkdown(root: Root): Generator<{ node: Nodes; parent: Nodes | null }> {
  const open: { node: Nodes; parent: Nodes | null }[] = [{ node: root, parent: null }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    if (!('children' in next.node)) continue;
    for (const child of next.node.children.toReversed()) open.push({ node: child, parent: next.node });
  }
}

/** Offsets of a node in its source. */
export const spanOf = (node: Nodes): { start: number; end: number } => ({
  start: node.position?.start.offset ?? 0,
  end: node.position?.end.offset ?? 0,
});

/** A picture in a text. `target` is its address with escapes and entities resolved. */
export interface PictureReference {
  readonly target: string;
  readonly alt: string;
  /** The caption, empty without one. */
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

/** Pictures of a text in reading order, those given by reference (`![alt][id]`) included, those in raw HTML not. */
export function pictureReferences(markdown: string): PictureReference[] {
  const root = parseMarkdown(markdown);
  if (!root) return [];
  const nodes = Array.from(walkMarkdown(root), ({ node }) => node);
  const definitions = new Map<string, Definition>();
  for (const node of nodes) {
    if (node.type === 'definition' && !definitions.has(node.identifier)) {
      definitions.set(node.identifier, node);
    }
  }
  return nodes.flatMap((node): PictureReference[] => {
    if (node.type !== 'image' && node.type !== 'imageReference') return [];
    const from = node.type === 'image' ? node : definitions.get(node.identifier);
    if (!from) return [];
    return [{ target: from.url, alt: node.alt ?? '', title: from.title ?? '', ...spanOf(node) }];
  });
}

/** The name inside the story's `images/` folder that an address in a scene means; `null` where it points elsewhere. */
export function storyPictureName(target: string): string | null {
  const match = /^(?:\.{1,2}\/)?images\/([^/\\?#]+)$/.exec(target);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return match[1];
  }
}

/** A text with some spans put in place of others. Spans must not overlap; their order does not matter. */
export function replaceSpans(
  text: string,
  changes: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  let at = 0;
  let result = '';
  for (const change of changes.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return result + text.slice(at);
}

const printedTarget = (target: string): string =>
  /^[^\s<>()\\]+$/.test(target) ? target : `<${target.replace(/[<>\\]/g, '\\$&').replace(/\s+/g, '%20')}>`;
const printedTitle = (title: string | null | undefined): string =>
  title
    ? ` "${title.replace(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\\', '&#92;')}"`
    : '';

/** Plain text as one line of Markdown that shows exactly that text, in CommonMark and in older parsers. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_#[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('~', '&#126;');

/** An address with a title, as they stand between a link's parentheses. */
export const printTarget = (target: string, title: string | null | undefined): string =>
  `${printedTarget(target)}${printedTitle(title)}`;

/** `![alt](target "title")` from plain texts. */
export const printImage = (alt: string, target: string, title: string): string =>
  `![${escapeMarkdown(alt)}](${printTarget(target, title)})`;

/** The source of a link definition with another address. */
export function withAddress(markdown: string, node: Definition, target: string): string {
  const { start, end } = spanOf(node);
  const label = markdown.slice(start, end).match(/^\[(?:\\.|[^\]\\])*\]:/)?.[0] ?? `[${node.identifier}]:`;
  return `${label} ${printTarget(target, node.title)}`;
}

/** The plain text of a Markdown string: no markup, no addresses. */
export const markdownToText = (markdown: string): string => {
  const root = parseMarkdown(markdown);
  return root ? plainText(root, { includeHtml: false }) : markdown;
};

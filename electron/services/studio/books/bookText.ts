import type { Link, Nodes } from 'mdast';
import {
  escapeMarkdown,
  parseMarkdown,
  printImage,
  printTarget,
  replaceSpans,
  spanOf,
  storyPictureName,
  walkMarkdown,
  withAddress,
} from '#shared/text/markdown.ts';
import { isSafeAddress, safeHtml } from './safeHtml.ts';

/** How a picture of the story stands in the book. */
export interface BookPicture {
  /** Address relative to the pages. */
  readonly path: string;
  readonly alt: string;
  readonly caption: string;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A picture with its caption printed under it. */
export function printFigure({ path, alt, caption }: BookPicture): string {
  const image = printImage(alt, path, caption);
  return caption === '' ? image : `${image}\n\n*${escapeMarkdown(caption)}*`;
}

/**
 * A scene's text as a page of a book: story pictures point into the book, links that a book must not have lose their
 * address, raw HTML is made safe, and what is left open at the end is closed. `pictureOf` gives the story's picture
 * of a file name, `null` where there is none.
 */
export function bookText(markdown: string, pictureOf: (file: string) => BookPicture | null): string {
  const root = parseMarkdown(markdown);
  if (!root) return asCode(markdown);
  const changes: Change[] = [];
  const replaced = new Set<Nodes>();
  for (const { node, parent } of walkMarkdown(root)) {
    if (parent && replaced.has(parent)) {
      replaced.add(node);
      continue;
    }
    if (node.type === 'link') {
      changes.push(...linkChanges(node, addressIn(pictureOf)));
      continue;
    }
    const change = changeOf(markdown, node, parent, pictureOf);
    if (change === null) continue;
    changes.push({ ...spanOf(node), text: change });
    replaced.add(node);
  }
  return `${replaceSpans(markdown, changes).trim()}\n`;
}

type AddressOf = (target: string) => string | null;

/** Addresses as the book has them; `null` where it must not link. */
const addressIn =
  (pictureOf: (file: string) => BookPicture | null): AddressOf =>
  (target) => {
    const name = storyPictureName(target);
    if (name !== null) return pictureOf(name)?.path ?? null;
    return isSafeAddress(target) ? target : null;
  };

/** Gives a link its address in the book, or takes its brackets away; what stands between them is looked at by itself. */
function linkChanges(node: Link, addressOf: AddressOf): Change[] {
  const address = addressOf(node.url);
  if (address === node.url) return [];
  const { start, end } = spanOf(node);
  const [first, last] = [node.children[0], node.children.at(-1)];
  if (!first || !last) return [{ start, end, text: '' }];
  return [
    { start, end: spanOf(first).start, text: address === null ? '' : '[' },
    { start: spanOf(last).end, end, text: address === null ? '' : `](${printTarget(address, node.title)})` },
  ];
}

function changeOf(
  markdown: string,
  node: Nodes,
  parent: Nodes | null,
  pictureOf: (file: string) => BookPicture | null,
): string | null {
  const { start, end } = spanOf(node);
  const source = markdown.slice(start, end);
  const addressOf = addressIn(pictureOf);
  if (node.type === 'text') return parserProof(source);
  if (node.type === 'html') return safeHtml(source, addressOf);
  if (node.type === 'code') return isOpenFence(source) ? `${source.trimEnd()}\n${fenceOf(source)}` : null;
  if (node.type === 'image') {
    const name = storyPictureName(node.url);
    const picture = name === null ? null : pictureOf(name);
    if (!picture) return addressOf(node.url) === null ? escapeMarkdown(node.alt ?? '') : null;
    const shown = { path: picture.path, alt: node.alt || picture.alt, caption: node.title ?? '' };
    const standsAlone = parent?.type === 'paragraph' && parent.children.length === 1;
    return standsAlone ? printFigure(shown) : printImage(shown.alt, shown.path, shown.caption);
  }
  if (node.type === 'definition') {
    const address = addressOf(node.url);
    return address === node.url ? null : withAddress(markdown, node, address ?? '#');
  }
  return null;
}

/** Text that CommonMark shows as it is and that older parsers would take for HTML, a link or a definition. */
function parserProof(source: string): string | null {
  const proof = source.replace(/\\?</g, '&lt;').replace(/\\?\](?=[([:])/g, '&#93;');
  return proof === source ? null : proof;
}

const fenceOf = (source: string): string => /^ {0,3}(`{3,}|~{3,})/.exec(source)?.[1] ?? '';

/** Whether a code block was fenced and the text ended before its fence closed. */
function isOpenFence(source: string): boolean {
  const fence = fenceOf(source);
  if (fence === '') return false;
  const last =
    source
      .trimEnd()
      .split('\n')
      .slice(1)
      .at(-1)
      ?.replace(/^[ \t>]*/, '')
      .trim() ?? '';
  return !(last.startsWith(fence) && last.split('').every((mark) => mark === fence[0]));
}

/** A text that is no prose, shown as it is. */
function asCode(markdown: string): string {
  const longest = Math.max(2, ...Array.from(markdown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${markdown.trimEnd()}\n${fence}\n`;
}

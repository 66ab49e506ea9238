const skipped = new Set([
  'SCRIPT',
  'STYLE',
  'HEAD',
  'TITLE',
  'META',
  'LINK',
  'TEMPLATE',
  'IFRAME',
  'OBJECT',
  'SVG',
  'MATH',
  'IMG',
]);
const blocks = new Set([
  'P',
  'DIV',
  'SECTION',
  'ARTICLE',
  'HEADER',
  'FOOTER',
  'MAIN',
  'ASIDE',
  'NAV',
  'FIGURE',
  'FIGCAPTION',
  'TABLE',
  'TR',
  'ADDRESS',
  'DL',
  'DT',
  'DD',
  'BODY',
]);

const escapeText = (text: string): string => text.replace(/[\\`*_[\]<]/g, '\\$&');
/** A line must not turn into markup that the writer did not mean. */
const escapeStart = (line: string): string =>
  line
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|~~~)/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');

const safeUrl = (url: string): string | null =>
  /^(?:https?:|mailto:)/i.test(url.trim()) ? url.trim() : null;

const percent = (mark: string): string => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Emphasis whose marks stand at the words, not at the spaces around them. */
function wrap(mark: string, text: string): string {
  const inner = text.trim();
  if (inner === '' || /\n\s*\n/.test(inner)) return text;
  const lead = text.slice(0, text.length - text.trimStart().length);
  const tail = text.slice(text.trimEnd().length);
  return `${lead}${mark}${inner}${mark}${tail}`;
}

const styleOf = (element: Element, name: string): string =>
  new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, 'i')
    .exec(element.getAttribute('style') ?? '')?.[1]
    ?.trim() ?? '';

const isBold = (element: Element): boolean => {
  const weight = styleOf(element, 'font-weight');
  if (element.tagName === 'B' || element.tagName === 'STRONG') return weight !== 'normal' && weight !== '400';
  return weight === 'bold' || Number(weight) >= 600;
};
const isItalic = (element: Element): boolean =>
  element.tagName === 'I' || element.tagName === 'EM' || styleOf(element, 'font-style') === 'italic';
const isStruck = (element: Element): boolean =>
  ['S', 'DEL', 'STRIKE'].includes(element.tagName) ||
  styleOf(element, 'text-decoration').includes('line-through');

const block = (text: string): string => (text.trim() === '' ? '' : `\n\n${text.trim()}\n\n`);
const indent = (text: string, prefix: string): string =>
  text
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : prefix + line))
    .join('\n');

function list(element: Element): string {
  let number = Number(element.getAttribute('start') ?? 1);
  const items = Array.from(element.children).map((item) => {
    const mark = element.tagName === 'OL' ? `${number++}. ` : '- ';
    const text = childrenOf(item)
      .trim()
      .replace(/\n{2,}(?=\s*(?:[-*+]|\d+[.)]) )/g, '\n');
    return mark + indent(text, ' '.repeat(mark.length));
  });
  return block(items.join('\n'));
}

function ofElement(element: Element): string {
  const tag = element.tagName.toUpperCase();
  if (skipped.has(tag)) return '';
  if (tag === 'BR') return '\\\n';
  if (tag === 'HR') return '\n\n---\n\n';
  if (tag === 'UL' || tag === 'OL') return list(element);
  if (tag === 'PRE') {
    const text = element.textContent.replace(/\n$/, '');
    const fence = '`'.repeat(Math.max(3, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length + 1)));
    return `\n\n${fence}\n${text}\n${fence}\n\n`;
  }
  if (tag === 'CODE' || tag === 'KBD' || tag === 'SAMP') {
    const text = element.textContent.replace(/\s+/g, ' ');
    const fence = text.includes('`') ? '``' : '`';
    return text.trim() === '' ? text : `${fence}${text}${fence}`;
  }
  const inner = childrenOf(element);
  const heading = /^H([1-6])$/.exec(tag);
  if (heading) return block(`${'#'.repeat(Number(heading[1]))} ${inner.trim().replace(/\\?\n+/g, ' ')}`);
  if (tag === 'BLOCKQUOTE') {
    const lines = paragraphs(inner).split('\n');
    return block(lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n'));
  }
  if (tag === 'A') {
    const url = safeUrl(element.getAttribute('href') ?? '');
    return url && inner.trim() !== '' && !inner.includes('\n\n')
      ? `[${inner.trim()}](${url.replace(/[()<>\s]/g, percent)})`
      : inner;
  }
  let text = inner;
  if (isStruck(element)) text = wrap('~~', text);
  if (isItalic(element)) text = wrap('*', text);
  if (isBold(element)) text = wrap('**', text);
  return blocks.has(tag) ? block(text) : text;
}

function childrenOf(node: Node): string {
  let result = '';
  for (const child of Array.from(node.childNodes)) {
    if (child.nodeType === 3) {
      const text = escapeText((child.nodeValue ?? '').replace(/[\t\n\r ]+/g, ' '));
      const opensLine = !child.previousSibling || child.previousSibling.nodeName === 'BR';
      result += opensLine ? escapeStart(text) : text;
    } else if (child.nodeType === 1) result += ofElement(child as Element);
  }
  return result;
}

const paragraphs = (text: string): string =>
  text
    .replace(/[ \t]*\n{2,}[ \t]*/g, '\n\n')
    .replace(/(?:\\\n)+(?=\n|$)/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/**
 * Pasted HTML as CommonMark: headings, emphasis, lists, quotes, code, links to the web. Nothing is executed or loaded;
 * pictures, scripts and styles are left out.
 */
export function htmlToMarkdown(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return paragraphs(childrenOf(parsed.body));
}

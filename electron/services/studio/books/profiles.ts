import type { BookOptions } from '#shared/contract/studio.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { escapeMarkdown } from '#shared/text/markdown.ts';
import type { BookWords } from './bookWords.ts';

type Format = BookOptions['format'];

/** A page of the book with the pages below it. A part has no file of its own. */
export interface Page {
  readonly kind: 'title' | 'front' | 'part' | 'chapter' | 'scene' | 'back';
  readonly title: string;
  readonly file: string;
  readonly body: readonly string[];
  readonly children: readonly Page[];
}

export interface BookPages {
  readonly front: readonly Page[];
  readonly body: readonly Page[];
  readonly back: readonly Page[];
}

/** Where the pages lie in the book's folder. */
export const pageFolder = (format: Format): string => (format === 'mdbook' ? 'src/' : '');

/** The title page's name. */
export const indexFile = (format: Format): string => (format === 'mdbook' ? 'title.md' : 'README.md');

const languageTags: Readonly<Record<Format, Readonly<Record<Language, string>>>> = {
  mdbook: { en: 'en', zh: 'zh-Hans' },
  honkit: { en: 'en', zh: 'zh-hans' },
};

const plainLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** A TOML basic string; JSON's escapes are a part of TOML's. */
const tomlString = (text: string): string =>
  JSON.stringify(plainLine(text).toWellFormed()).replaceAll('\u007f', '\\u007F');

/** `book.toml` or `book.json`. */
export function configFile(story: Story, language: Language, format: Format): { path: string; text: string } {
  const tag = languageTags[format][language];
  if (format === 'mdbook') {
    const lines = [
      '[book]',
      `title = ${tomlString(story.title)}`,
      ...(plainLine(story.author) === '' ? [] : [`authors = [${tomlString(story.author)}]`]),
      ...(plainLine(story.summary) === '' ? [] : [`description = ${tomlString(story.summary)}`]),
      `language = "${tag}"`,
      'src = "src"',
    ];
    return { path: 'book.toml', text: `${lines.join('\n')}\n` };
  }
  const config = {
    title: plainLine(story.title),
    author: plainLine(story.author),
    description: plainLine(story.summary),
    language: tag,
    plugins: ['-sharing'],
  };
  return { path: 'book.json', text: `${JSON.stringify(config, null, 2)}\n` };
}

const entry = (page: Page, depth: number, bullet: string): string =>
  `${'  '.repeat(depth)}${bullet}[${escapeMarkdown(page.title) || page.file}](${page.file})`;
const entries = (pages: readonly Page[], depth: number, bullet: string): string[] =>
  pages.flatMap((page) => [entry(page, depth, bullet), ...entries(page.children, depth + 1, bullet)]);

/** The table of contents: parts as headings, chapters with their scenes below them. */
export function summaryFile({ front, body, back }: BookPages, words: BookWords, format: Format): string {
  const heading = format === 'mdbook' ? '#' : '##';
  const ends = (pages: readonly Page[]) => entries(pages, 0, format === 'mdbook' ? '' : '* ').join('\n');
  const bullet = format === 'mdbook' ? '- ' : '* ';
  const middle: string[] = [];
  let run: Page[] = [];
  const flush = () => {
    if (run.length > 0) middle.push(entries(run, 0, bullet).join('\n'));
    run = [];
  };
  let inPart = false;
  for (const page of body) {
    if (page.kind !== 'part') {
      if (inPart) {
        flush();
        middle.push('---');
        inPart = false;
      }
      run.push(page);
      continue;
    }
    flush();
    middle.push(`${heading} ${escapeMarkdown(page.title)}`, entries(page.children, 0, bullet).join('\n'));
    inPart = true;
  }
  flush();
  const parts = [
    `# ${words.contents}`,
    ends(front),
    ...middle,
    ...(back.length === 0 ? [] : [...(format === 'mdbook' || inPart ? ['---'] : []), ends(back)]),
  ];
  return protectFromTemplates(`${parts.join('\n\n')}\n`, format);
}

/**
 * Text that a book tool would take for its own commands (`{{#include …}}` in mdBook, Nunjucks in HonKit) written so that
 * readers see it as it was typed and nothing is executed.
 */
export function protectFromTemplates(markdown: string, format: Format): string {
  return format === 'mdbook'
    ? markdown.replace(/\{\{(?=#)/g, '\\{{')
    : markdown.replace(/\{(?=[{%#])/g, '{{ "{" }}');
}

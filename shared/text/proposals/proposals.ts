import type { Language } from '../../story/scene.ts';
import { bare, entriesOf } from './entries.ts';

/** Longer than this is prose and no name or title. */
const maxTitleLength = 90;
const maxNameLength = 40;
const maxEntries = 30;

export interface ProposedCharacter {
  readonly name: string;
  readonly description: string;
}
export interface ProposedScene {
  readonly title: string;
  readonly summary: string;
}

/** Each key once, at its first place. */
function unique<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const own = key(item).toLowerCase();
    if (seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}

/** Titles that a model proposed, each once, in its order. */
export function titlesOf(text: string): string[] {
  const titles = entriesOf(text).map(({ head, body }) => (body === '' ? head : `${head}: ${body}`));
  return unique(
    titles
      .map((title) => bare(title).replace(/[.。]$/u, ''))
      .filter((title) => isShort(title, maxTitleLength)),
    (title) => title,
  ).slice(0, maxEntries);
}

/** Characters that a model proposed. Lines without a description count where they look like names. */
export function charactersOf(text: string): ProposedCharacter[] {
  const characters = entriesOf(text)
    .map(({ head, body }) => ({ name: head, description: body }))
    .filter(
      ({ name, description }) =>
        isShort(name, maxNameLength) && (description !== '' || !/[.。!！?？,，]/u.test(name)),
    );
  return unique(characters, ({ name }) => name).slice(0, maxEntries);
}

/** Scenes that a model planned. A line without a title is what happens; its first words become the title. */
export function scenesOf(text: string, language: Language): ProposedScene[] {
  const scenes = entriesOf(text).map(({ head, body }) => {
    if (body !== '' && isHeading(head)) return { title: head, summary: body };
    if (body === '' && isHeading(head) && isShort(head, 40)) return { title: head, summary: '' };
    const summary = body === '' ? head : `${head}${language === 'zh' ? '：' : ': '}${body}`;
    return { title: firstWords(summary, language), summary };
  });
  return unique(scenes, ({ title, summary }) => summary || title).slice(0, maxEntries);
}

/** An answer that was cut off for its length, without the line that it broke off in. */
export function wholeLines(text: string, isCutOff: boolean): string {
  const end = text.trimEnd().lastIndexOf('\n');
  return isCutOff && end > 0 ? text.slice(0, end) : text;
}

/** Short, and no sentence. */
const isHeading = (text: string): boolean =>
  isShort(text, maxTitleLength) && !/[。！？；]|[.!?](?:\s|$)/u.test(text);
const isShort = (text: string, length: number): boolean => text !== '' && text.length <= length;

/** The first few words of a text, as a heading. */
function firstWords(text: string, language: Language): string {
  if (language === 'zh')
    return Array.from(text.split(/[，。！？；]/u)[0] ?? '')
      .slice(0, 14)
      .join('');
  const words = (text.split(/[.!?;,]/)[0] ?? '').split(/\s+/).slice(0, 6).join(' ');
  return words.length > maxTitleLength ? words.slice(0, maxTitleLength) : words;
}

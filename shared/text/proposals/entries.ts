/** A line of a list that a model wrote: "1. **Elara** - a young sorceress" has a head and a body. */
export interface Entry {
  readonly head: string;
  /** Empty where the line had only a head. */
  readonly body: string;
}

const bullet = /^\s*(?:[-*•·‣]|\(?\d{1,3}[.)、:：]|[①-⑳]|#{1,6})\s*/u;
const kind =
  /^(?:name|title|scene|chapter|character|role|姓名|名字|角色|人物|标题|题目|场景|第[一二三四五六七八九十百\d]+[章幕场节])\s*\d{0,3}\s*[:：.、-]\s*/iu;
const separator = /\s*(?:[:：]|\s[-–—]+\s|——|—(?=\S))\s*/u;
const described = /^(?:description|描述|简介|summary|情节|概要)\s*[:：]\s*/iu;

/** Words in bold, quotes and book marks without them. */
export const bare = (text: string): string =>
  text
    .replace(/\*\*|__|`/g, '')
    .trim()
    .replace(/^["'“”‘’「『《*_]+|["'“”‘’」』》*_]+$/gu, '')
    .trim();

/**
 * Entries of a list in whatever form a model gave it: numbered, with bullets, in bold, "Name: …, Description: …", with the
 * description on the lines below. What precedes the first entry ("Here are five…:") is left out.
 */
export function entriesOf(text: string): Entry[] {
  const entries: { head: string; body: string }[] = [];
  for (const raw of text.replace(/<think>[\s\S]*?<\/think>/g, '').split('\n')) {
    const line = raw.trim();
    if (line === '' || /^[-*_=]{3,}$/.test(line)) continue;
    const last = entries.at(-1);
    const isBulleted = bullet.test(line);
    const plain = line.replace(bullet, '').replace(/\*\*|__|`/g, '');
    if (last && described.test(plain)) {
      last.body = joined(last.body, plain.replace(described, ''));
      continue;
    }
    const named = plain.replace(kind, '');
    const at = separator.exec(named);
    if (last && !isBulleted && !at && !kind.test(plain) && last.body !== '') {
      last.body = joined(last.body, plain);
      continue;
    }
    if (at && named.slice(at.index + at[0].length).trim() === '' && !isBulleted && !kind.test(plain))
      continue;
    const head = bare(at ? named.slice(0, at.index) : named);
    const body = at ? named.slice(at.index + at[0].length) : '';
    if (head === '') continue;
    entries.push({
      head: head.replace(/[,，;；]\s*(?:description|描述|简介)?\s*$/iu, ''),
      body: bare(body).replace(/^(?:描述|description)\s*[:：]\s*/iu, ''),
    });
  }
  return entries;
}

const joined = (before: string, more: string): string =>
  before === '' ? more.trim() : `${before} ${more.trim()}`;

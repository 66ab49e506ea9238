import type { TextCounts } from '../story/scene.ts';

/** Han, kana and bopomofo count one each; a run of other letters, digits and joiners counts one word; marks count nothing. */
const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}])[\p{L}\p{M}\p{N}])+(?:['’.,_-](?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}])[\p{L}\p{M}\p{N}])+)*/gu;

/** Prose only: link targets, pictures, HTML and markup characters do not count. */
const proseOf = (markdown: string): string =>
  markdown
    .replace(/<!--[\s\S]*?-->|<[^>\n]+>/g, ' ')
    .replace(/!\[[^\]\n]*\]\([^)\n]*\)/g, ' ')
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, '$1');

/** Counts a CommonMark text. `charactersNoSpaces` is the figure Chinese writers know, marks included. */
export function countText(markdown: string): TextCounts {
  const prose = proseOf(markdown);
  const plain = prose.replace(/[*_`#>~]/g, '');
  return {
    words: prose.match(wordPattern)?.length ?? 0,
    charactersNoSpaces: Array.from(plain.replace(/\s+/gu, '')).length,
  };
}

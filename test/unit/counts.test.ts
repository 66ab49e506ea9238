import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as plainText } from 'mdast-util-to-string';
import { describe, expect, test } from 'vitest';
import { countText } from '#shared/text/counts.ts';
import { walkMarkdown } from '#shared/text/markdown.ts';

const words = (text: string) => countText(text).words;

describe('words', () => {
  test.each([
    ['', 0],
    ['   \n\n  ', 0],
    ['The forest began to sing.', 5],
    ["don't stop", 2],
    ['Elara’s well-known lamp', 3],
    ['at 3.14 or 1,000 leagues', 5],
    ['wait--what', 2],
    ['one — two … three', 3],
    ['snake_case', 1],
    ['rock ’n’ roll', 3],
    ['天黑以后', 4],
    ['天黑以后，森林唱了起来。', 10],
    ['“我来了。”她说——走进了树林……', 10],
    ['ラーメン', 4],
    ['ｱｲｳｴｵ', 5],
    ['ㄅㄆㄇ', 3],
    ['艾拉拉 said hello 给水晶', 8],
    ['Storyloom是工具', 4],
    ['第3章', 3],
    ['한국어 단어', 2],
    ['𠮷野家', 3],
    ['naïve e\u0301lan', 2],
    ['a\u200bb', 1],
    ['！？，。、；：「」《》', 0],
    ['\u{1F52E} \u{1F469}\u200d\u{1F680}', 0],
  ])('%j has %i', (text, expected) => {
    expect(words(text)).toBe(expected);
  });
});

describe('what is markup counts nothing', () => {
  test.each([
    ['# Heading of *three*\n\ntext', 4, 18],
    ['a *b* **c** ~~d~~ `e`', 5, 5],
    ['in*tern*al', 1, 8],
    ['2 * 3 = 6', 3, 5],
    ['[text here](https://example.org/a-b "a title")', 2, 8],
    ['[text](<a b.md>) end', 2, 7],
    ['[a](b(c)d) e', 2, 2],
    ['[ oops [link](long-address) end', 3, 12],
    ['![alt text](../images/x.jpg "caption") after', 1, 5],
    ['[![alt](x.png) shown](y.md)', 1, 5],
    ['[not a link] (really)', 4, 18],
    ['[ref][one]\n\n[one]: https://example.org "title"', 1, 3],
    ['![pic][one] x\n\n[one]: x.png', 1, 1],
    ['- one\n- two\n\n1. three\n2) four', 4, 15],
    ['> quoted\n> text', 2, 10],
    ['one\n\n---\n\ntwo\n\n***\n\nthree', 3, 11],
    ['Title\n=====\n\ntext', 2, 9],
    ['<b>bold</b> <!-- a note of mine --> text', 2, 8],
    ['```js\nlet x = 1\n```\nafter', 4, 11],
    ['`` a`b ``', 2, 3],
    ['a &amp; b&nbsp;c', 3, 4],
    ['\\*not emphasis\\*', 2, 13],
    ['<https://example.org/long-address> end', 1, 3],
    ['5 < 6 and 7 > 6', 5, 9],
    ['line  \nbreak\\\nagain', 3, 14],
    ['## closed ##', 1, 6],
    ['#hashtag 1 #1', 3, 11],
  ])('%j has %i words, %i characters', (text, expectedWords, characters) => {
    expect(countText(text)).toEqual({ words: expectedWords, charactersNoSpaces: characters });
  });
});

const word = fc.constantFrom('moss', 'lamp', "don't", 'well-known', 'élan', '3.14', 'Elara’s');
const han = fc.constantFrom('水', '晶', '守', '护', 'の', 'カ', '々');
const mark = fc.constantFrom('，', '。', '——', '！', '…', '“', '”');

describe('any text', () => {
  test('words of spaced languages and signs of unspaced ones add up', () => {
    const piece = fc.oneof(
      word.map((text) => ({ text, words: 1 })),
      han.map((text) => ({ text, words: 1 })),
      mark.map((text) => ({ text, words: 0 })),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(words(pieces.map(({ text }) => text).join(' '))).toBe(
          pieces.reduce((sum, { words }) => sum + words, 0),
        );
      }),
    );
  });

  test('Chinese without spaces counts every Han sign and kana once and no mark', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(han, mark)), (signs) => {
        const text = signs.join('');
        const expected = signs.filter((sign) =>
          /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(sign),
        ).length;
        expect(countText(`文${text}`)).toEqual({
          words: expected + 1,
          charactersNoSpaces: Array.from(text).length + 1,
        });
      }),
    );
  });

  test('markup around prose changes no count', () => {
    const inline = word.chain((text) =>
      fc.constantFrom(
        text,
        `*${text}*`,
        `**${text}**`,
        `_${text}_`,
        `[${text}](a.md)`,
        `[${text}](a.md "t t")`,
        `\`${text}\``,
      ),
    );
    const line = fc.array(inline, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));
    const block = line.chain((text) =>
      fc.constantFrom(
        text,
        `# ${text}`,
        `> ${text}`,
        `- ${text}`,
        `![x y z](images/a.jpg "b c")\n\n${text}`,
        `<!-- n -->\n\n${text}`,
      ),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (blocks) => {
        const markdown = blocks.join('\n\n');
        const shown = Array.from(walkMarkdown(fromMarkdown(markdown)), ({ node }) => node)
          .filter(({ type }) => type === 'paragraph' || type === 'heading')
          .map((node) => plainText(node, { includeImageAlt: false, includeHtml: false }))
          .join('\n');
        expect(words(markdown)).toBe(words(shown));
        expect(words(markdown)).toBe(shown.split(/\s+/).filter((text) => text !== '').length);
      }),
      { numRuns: 300 },
    );
  });

  test('never throws, never negative, and two paragraphs count as both', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { words, charactersNoSpaces } = countText(text);
        expect(words).toBeGreaterThanOrEqual(0);
        expect(charactersNoSpaces).toBeGreaterThanOrEqual(0);
        expect(charactersNoSpaces).toBeLessThanOrEqual(text.length);
      }),
    );
    const [a, b] = ['one *two* 三。', '[four](x) 五'];
    expect(words(`${a}\n\n${b}`)).toBe(words(a) + words(b));
  });

  test('text made to be slow is read to its end all the same', () => {
    for (const piece of [
      '[',
      '![',
      '`',
      '`` ',
      '<a ',
      '*',
      '_ ',
      '(',
      '[x](',
      '> ',
      '<!--',
      '&',
      '~~~\n',
      '\\',
    ]) {
      expect(countText(piece.repeat(50_000)).words, piece).toBeGreaterThanOrEqual(0);
    }
    expect(words(`${'['.repeat(50_000)}x${']'.repeat(50_000)}`)).toBe(1);
  });
});

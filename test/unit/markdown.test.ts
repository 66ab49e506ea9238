import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import {
  escapeMarkdown,
  markdownToText,
  parseMarkdown,
  pictureReferences,
  printImage,
  replaceSpans,
  storyPictureName,
} from '#shared/text/markdown.ts';

describe('pictures of a text', () => {
  test('are found with description, caption and place, also by reference', () => {
    const markdown =
      'a ![x y](../images/a%20b.png "cap") b ![z][one]\n\n`![no](c.png)`\n\n[one]: ../images/d.jpg "two"\n';
    expect(pictureReferences(markdown)).toEqual([
      { target: '../images/a%20b.png', alt: 'x y', title: 'cap', start: 2, end: 35 },
      { target: '../images/d.jpg', alt: 'z', title: 'two', start: 38, end: 47 },
    ]);
  });

  test.each([
    ['../images/a.png', 'a.png'],
    ['images/a.png', 'a.png'],
    ['./images/a.png', 'a.png'],
    ['../images/%E6%B0%B4.png', '水.png'],
    ['../images/100%.png', '100%.png'],
    ['../images/sub/a.png', null],
    ['../../images/a.png', null],
    ['https://example.org/images/a.png', null],
    ['/images/a.png', null],
    ['../images/', null],
  ])('%s names %s', (target, name) => {
    expect(storyPictureName(target)).toBe(name);
  });
});

test('escaped text shows exactly that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
      const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
      fc.pre(line !== '');
      const [heading] = fromMarkdown(`# ${escapeMarkdown(line)}`).children;
      expect(heading?.type).toBe('heading');
      expect(markdownToText(`# ${escapeMarkdown(line)}`)).toBe(line);
    }),
    {
      examples: [
        ['#'],
        ['a #'],
        ['a ##'],
        ['&amp;'],
        ['\\'],
        ['[a](b)'],
        ['![a](b)'],
        ['<b>'],
        ['`a`'],
        ['_a_'],
        ['~~a~~'],
      ],
    },
  );
});

test('a printed picture is read back as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 30 }),
      fc.string({ maxLength: 30 }),
      fc.stringMatching(/^[a-z ()<>\\]{1,20}\.png$/),
      (alt, title, file) => {
        const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
        const [found] = pictureReferences(printImage(alt, file.trim(), title));
        expect(found).toMatchObject({
          title: title.replace(/\s+/g, ' '),
          alt: oneLine(alt),
          target: file.trim().replace(/\s+/g, '%20'),
        });
      },
    ),
  );
});

test('spans are replaced in any order', () => {
  expect(
    replaceSpans('abcdef', [
      { start: 4, end: 5, text: 'E!' },
      { start: 0, end: 1, text: '' },
      { start: 2, end: 2, text: '-' },
    ]),
  ).toBe('b-cdE!f');
});

test('what nests deeper than prose does is not parsed', () => {
  expect(parseMarkdown('> '.repeat(99))).not.toBeNull();
  for (const deep of ['> '.repeat(5_000), '- '.repeat(5_000), `${' '.repeat(2_000)}- x`]) {
    expect(parseMarkdown(`${deep}x`)).toBeNull();
    expect(pictureReferences(`${deep}![a](b.png)`)).toEqual([]);
  }
});

import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import {
  blockInsertion,
  editAlt,
  editCaption,
  figureMarkdown,
  imageFileOf,
  type LineEdit,
  parseFigure,
} from '#renderer/features/editor/figures/figureSyntax.ts';

const apply = (line: string, { from, to, insert }: LineEdit) => line.slice(0, from) + insert + line.slice(to);

/** How a CommonMark parser reads the line: the one picture in it. */
function readImage(line: string) {
  const [paragraph, ...others] = fromMarkdown(line).children;
  if (paragraph?.type !== 'paragraph' || others.length > 0) return null;
  const [image, ...rest] = paragraph.children;
  return image?.type === 'image' && rest.length === 0 ? image : null;
}

const fieldText = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    '图',
    '😀',
    ' ',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '\\',
    '*',
    '_',
    '`',
    '<',
    '&',
    ';',
    'amp',
    '!',
    '~',
  ),
});

describe('reading figures', () => {
  test.each([
    ['![A view](../images/a.png "Dusk")', 'A view', 'Dusk', '../images/a.png'],
    ['![](../images/a.png)', '', '', '../images/a.png'],
    ["   ![x](<../images/a b.png> 'one')  ", 'x', 'one', '../images/a b.png'],
    ['![x](../images/a(1).png (two))', 'x', 'two', '../images/a(1).png'],
    ['![a \\] b](x.png "say \\"so\\"")', 'a ] b', 'say "so"', 'x.png'],
    ['![图](../images/图.png "说明")', '图', '说明', '../images/图.png'],
  ])('reads %s', (line, alt, caption, target) => {
    expect(parseFigure(line)).toMatchObject({ alt, caption, target });
  });

  test.each([
    'text ![a](b.png)',
    '![a](b.png) text',
    '![a](b.png) ![c](d.png)',
    '[![a](b.png)](c)',
    '    ![a](b.png)',
    '![a]',
    '![a](b.png "x" "y")',
    '![a[b](c.png)',
    '![](\\)',
    '![](a\\(b))',
    '![](<a\\>)',
  ])('leaves %s alone', (line) => {
    expect(parseFigure(line)).toBeNull();
  });

  test('agrees with a CommonMark parser on every line it reads', () => {
    const piece = fc.constantFrom(
      '![',
      ']',
      '(',
      ')',
      'a',
      ' ',
      '"',
      "'",
      '\\',
      '../images/x.png',
      '<',
      '>',
      '!',
      '[',
      '&amp;',
      '*b*',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const line = pieces.join('');
        const figure = parseFigure(line);
        if (!figure || /\*b\*/.test(figure.alt) || /&/.test(figure.target)) return;
        const image = readImage(line);
        expect(image, line).not.toBeNull();
        expect({ alt: image?.alt ?? '', caption: image?.title ?? '' }, line).toEqual({
          alt: figure.alt,
          caption: figure.caption,
        });
      }),
      { numRuns: 20_000 },
    );
  });

  test('never takes long over a hostile line', () => {
    for (const part of ['(', '[', '\\', ' "', 'a(b', '![', '<']) {
      expect(parseFigure(`![${part.repeat(20_000)}`)).toBeNull();
      expect(parseFigure(`![a](${part.repeat(20_000)}`)).toBeNull();
    }
  });
});

describe('writing figures', () => {
  test('any caption and alt text come back as they were, and every other byte stays', () => {
    fc.assert(
      fc.property(fieldText, fieldText, (alt, caption) => {
        const line = "  ![before](<../images/a b.png>  'old' )  ";
        const first = parseFigure(line);
        if (!first) throw new Error('no figure');
        const withAlt = apply(line, editAlt(first, alt));
        const second = parseFigure(withAlt);
        if (!second) throw new Error(`no figure: ${withAlt}`);
        const both = apply(withAlt, editCaption(second, caption));
        expect(parseFigure(both), both).toMatchObject({ alt, caption, target: '../images/a b.png' });
        const image = readImage(both);
        expect({ alt: image?.alt, title: image?.title ?? '' }, both).toEqual({ alt, title: caption });
      }),
      { numRuns: 2_000 },
    );
  });

  test('an empty caption leaves no quotation marks behind', () => {
    const line = '![a](x.png "b")';
    const figure = parseFigure(line);
    expect(figure && apply(line, editCaption(figure, ''))).toBe('![a](x.png)');
  });

  test('line breaks in a field become spaces', () => {
    const figure = parseFigure('![a](x.png)');
    expect(figure && apply('![a](x.png)', editAlt(figure, 'one\n two'))).toBe('![one two](x.png)');
  });

  test.each(['a.png', 'a b(1).png', '图片.png', '50%.png', 'a<b>.png'])(
    'a file named %s is found again',
    (file) => {
      const figure = parseFigure(figureMarkdown({ file, alt: 'x', caption: '' }));
      expect(figure && imageFileOf(figure.target)).toBe(file);
    },
  );

  test.each([
    'https://example.org/images/a.png',
    '//x/images/a.png',
    '../images/../../a.png',
    'C:\\images\\a.png',
    'data:image/png;base64,x',
    '/images/a.png',
  ])('a target outside the story is no picture of it: %s', (target) => {
    expect(imageFileOf(target)).toBeNull();
  });
});

describe('placing a block', () => {
  const place = (text: string) => {
    const at = text.indexOf('|');
    const plain = text.replace('|', '');
    const { at: where, insert } = blockInsertion(plain, at, 'X');
    return plain.slice(0, where) + insert + plain.slice(where);
  };

  test.each([
    ['|', 'X\n'],
    ['One.|', 'One.\n\nX\n'],
    ['One.|\n', 'One.\n\nX\n'],
    ['On|e.\n\nTwo.\n', 'One.\n\nX\n\nTwo.\n'],
    ['One.\n|\nTwo.\n', 'One.\n\nX\n\nTwo.\n'],
    ['One.\n\n|Two.\n', 'One.\n\nX\n\nTwo.\n'],
    ['|One.\n', 'X\n\nOne.\n'],
    ['One\ntw|o\nthree.\n\nFour.\n', 'One\ntwo\nthree.\n\nX\n\nFour.\n'],
    ['One.\n\n|', 'One.\n\nX\n'],
    ['One.\n\n|\n\nTwo.\n', 'One.\n\nX\n\nTwo.\n'],
  ])('%j becomes %j', (before, after) => {
    expect(place(before)).toBe(after);
  });

  test('the block is always a paragraph of its own, and the text around it is untouched', () => {
    const text = fc.array(fc.constantFrom('a', 'b ', '\n', '\n\n', ' ')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(), (around, seed) => {
        const at = seed % (around.length + 1);
        const { at: where, insert } = blockInsertion(around, at, '![x](y.png)');
        const whole = around.slice(0, where) + insert + around.slice(where);
        const images = fromMarkdown(whole).children.filter(
          (node) =>
            node.type === 'paragraph' && node.children.length === 1 && node.children[0]?.type === 'image',
        );
        expect(images, JSON.stringify({ around, at, whole })).toHaveLength(1);
        expect(where).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 3_000 },
    );
  });
});

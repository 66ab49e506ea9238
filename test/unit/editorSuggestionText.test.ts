import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinText, moveOffset, splitFirstParagraph } from '#renderer/stores/suggestionText.ts';
import { applyEdits } from '#shared/story/textEdit.ts';

describe('where a suggestion belongs', () => {
  test('keeps what stood before it before it, and what stood after it after it', () => {
    const change = fc.tuple(fc.nat(), fc.nat(5), fc.stringMatching(/^[xyz]{0,4}$/));
    fc.assert(
      fc.property(fc.nat(30), fc.array(change, { maxLength: 6 }), (start, changes) => {
        const marker = '|';
        const original = 'abcdefghijklmnopqrstuvwxyz0123456789';
        let at = start;
        let text = original;
        let marked = original.slice(0, start) + marker + original.slice(start);
        for (const [seed, length, inserted] of changes) {
          const from = seed % (text.length + 1);
          const removed = text.slice(from, from + length);
          if (from < at && from + removed.length > at) continue;
          const edit = { at: from, removed, inserted };
          const markedFrom = from > at || (from === at && removed !== '') ? from + marker.length : from;
          text = applyEdits(text, [edit]) ?? text;
          at = moveOffset(at, edit);
          marked = marked.slice(0, markedFrom) + inserted + marked.slice(markedFrom + removed.length);
        }
        expect(text.slice(0, at) + marker + text.slice(at)).toBe(marked);
      }),
    );
  });

  test('stands behind what is typed right at it, and at the end of what replaced its surroundings', () => {
    expect(moveOffset(4, { at: 4, removed: '', inserted: 'xy' })).toBe(6);
    expect(moveOffset(4, { at: 2, removed: 'cdef', inserted: 'Z' })).toBe(3);
    expect(moveOffset(4, { at: 5, removed: '', inserted: 'xy' })).toBe(4);
  });
});

describe('joining a suggestion to the text', () => {
  test.each([
    ['She went', 'out.', '', ' out.'],
    ['She went ', ' out.', '', 'out.'],
    ['She went out.\n\n', '\n\nThe end.\n', '', 'The end.'],
    ['他走了', '出去。', '', '出去。'],
    ['', '  Once.', '', 'Once.'],
    ['One.', '\nTwo.\nThree.', '', '\n\nTwo.\n\nThree.'],
    ['One', 'and two', 'three', ' and two '],
    ['One', ', two', ' three', ', two'],
    ['“', 'Hello', '', 'Hello'],
    ['x', '   ', '', ''],
  ])('%j + %j + %j', (before, text, after, expected) => {
    expect(joinText(before, text, after)).toBe(expected);
  });

  test('the first paragraph and the rest are the whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '图') }), (text) => {
        const { first, rest } = splitFirstParagraph(text);
        expect(first + rest).toBe(text);
        expect(first.trim()).not.toContain('\n');
      }),
    );
  });
});

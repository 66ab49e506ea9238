import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflictOrigin, conflictPath, isAside } from '#electron/services/studio/files/fileNames.ts';
import { parseImageIndex, renderImageIndex } from '#electron/services/studio/files/imageIndex.ts';
import { checkedTree, parseJson, printJson } from '#electron/services/studio/files/json.ts';
import {
  parseCharacter,
  parseScene,
  renderCharacter,
  renderScene,
} from '#electron/services/studio/files/storyFiles.ts';
import { parseRecords, printRecord } from '#electron/services/studio/journal/records.ts';
import { folderNameFor } from '#electron/services/studio/project/createProject.ts';
import { createCharacter, createScene } from '#shared/story/create.ts';
import { SceneId } from '#shared/story/ids.ts';
import { countText } from '#shared/text/counts.ts';

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 30 });
const tricky = fc.oneof(
  wellFormed,
  fc.constantFrom(
    '  \n',
    '---\n',
    '\n\n',
    '- a',
    'yes',
    '1.0',
    '0x1F',
    'null',
    '#no comment',
    'a: b',
    '"',
    "'",
    '\t',
    '灯\n灭',
    '\u0085',
    '\u2028x',
  ),
);
const body = tricky.map((text) => text.replaceAll('\r\n', '\n').replace(/^\ufeff/, ''));
const extra = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }).filter((key) => /^x/.test(key)),
  fc.oneof(tricky, fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 })),
  { maxKeys: 3 },
);

describe('a scene file', () => {
  test('gives back every field and every character of the text', () => {
    fc.assert(
      fc.property(tricky, tricky, tricky, body, extra, (title, summary, authorNote, text, unknown) => {
        const scene = createScene({
          lang: 'zh',
          title,
          summary,
          authorNote,
          text,
          counts: countText(text),
          extra: { ...unknown },
        });
        const { id, scene: read } = parseScene('scenes/x.md', renderScene(scene, null), 'en');
        expect({ ...read, id, alternatives: [] }).toEqual(scene);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is the same bytes when nothing changed, and keeps its body bytes when only the head did', () => {
    fc.assert(
      fc.property(body, fc.constantFrom('\n', '\r\n'), tricky, (text, newline, title) => {
        const bytes = Buffer.from(
          `---\nid: scene00001\ntitle: T\n# note\nstatus: odd\nlang: en\n---\n\n${text.replaceAll('\n', newline)}`,
        );
        const { scene } = parseScene('x.md', bytes, 'en');
        const whole = { ...scene, id: SceneId.parse('scene00001'), alternatives: [] };
        expect(renderScene(whole, bytes).equals(bytes)).toBe(true);
        const changed = renderScene({ ...whole, title }, bytes).toString();
        expect(changed.endsWith(`\n---\n\n${text.replaceAll('\n', newline)}`)).toBe(true);
        expect(parseScene('x.md', Buffer.from(changed), 'en').scene.title).toBe(title);
      }),
    );
  });

  test('of any bytes at all is read or refused as damaged', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          wellFormed.map((text) => Buffer.from(`---\n${text}\n---\n`)),
        ),
        (bytes) => {
          try {
            parseScene('x.md', bytes, 'en');
            parseCharacter('x.md', bytes);
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'project/damaged' });
          }
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('a character file gives back every field', () => {
  fc.assert(
    fc.property(
      tricky,
      fc.array(tricky, { maxLength: 3 }),
      tricky,
      body,
      (name, aliases, description, notes) => {
        const character = createCharacter({
          name,
          aliases,
          description,
          notes,
          fields: aliases.map((value) => ({ name, value })),
        });
        const { id, character: read } = parseCharacter('characters/x.md', renderCharacter(character, null));
        expect({ ...read, id }).toEqual(character);
      },
    ),
    { numRuns: 500 },
  );
});

test('a picture line that makes no sense, and keys nobody knows, are written back', () => {
  const line = JSON.stringify({
    ...{ id: '0'.repeat(64), file: 'a.png', originalName: '', format: 'png', width: 1, height: 1, bytes: 1 },
    ...{
      animated: false,
      alt: { en: '', zh: '' },
      caption: { en: '', zh: '' },
      tags: [],
      credit: '',
      licence: '',
    },
    ...{ source: '', future: { b: 1, a: 2 } },
  });
  const outside = line.replace('a.png', '../../a.png').replace('0'.repeat(64), '1'.repeat(64));
  const index = parseImageIndex(Buffer.from(`${line}\n{"half":\n${outside}\n`));
  expect(Object.values(index.images).map(({ file }) => file)).toEqual(['a.png']);
  const written = renderImageIndex(index).toString();
  expect(written).toContain('"future":{"a":2,"b":1}');
  expect(written.split('\n').slice(1)).toEqual(['{"half":', outside, '']);
});

describe('JSON from outside', () => {
  test('comes back as it was printed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(parseJson(Buffer.from(printJson(plain)))).toEqual(checkedTree(plain));
      }),
    );
  });

  test('is refused above the depth and size that a story needs', () => {
    expect(() => parseJson(Buffer.from(`${'['.repeat(70)}${']'.repeat(70)}`))).toThrow('nested');
    expect(() => parseJson(Buffer.alloc(33 * 1024 * 1024, 32))).toThrow('large');
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('UTF-8');
  });
});

test('a journal is read up to its first damaged byte, whatever the damage', () => {
  const records = [1, 2, 3, 4].map((number) => ({
    t: 'do' as const,
    commands: [{ kind: 'story.update' as const, patch: { title: `Title ${String(number)} 灯` } }],
  }));
  const bytes = Buffer.from(records.map(printRecord).join(''));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      const whole = bytes.subarray(0, at).toString('utf8').split('\n').length - 1;
      expect(parseRecords(damaged)).toEqual(records.slice(0, whole));
      expect(parseRecords(bytes.subarray(0, at))).toEqual(records.slice(0, whole));
    }),
  );
});

describe('names', () => {
  test.each([
    ['The Crystal Guardian', 'The Crystal Guardian'],
    ['水晶守护者', '水晶守护者'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a b c d e f g h i j'],
    ['con', 'con story'],
    ['NUL.txt', 'NUL story'],
    ['..', 'Story'],
    ['end. ', 'end'],
    ['', 'Story'],
  ])('a folder for %j is called %j', (title, name) => expect(folderNameFor(title)).toBe(name));

  test('any title gives a name that every system takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        const name = folderNameFor(title);
        expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}]|^[ .]|[ .]$|^$/u);
        expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(130);
      }),
      { numRuns: 1_000 },
    );
  });

  test('kept versions of a conflict are none of the story’s files and never overwrite each other', () => {
    const at = new Date('2026-11-23T10:20:30Z');
    const first = conflictPath('scenes/a.md', at, () => false);
    const second = conflictPath('scenes/a.md', at, (path) => path === first);
    expect([first, second]).toEqual([
      'scenes/a.conflict-20261123102030.md',
      'scenes/a.conflict-20261123102030-2.md',
    ]);
    expect([first, second].every(isAside)).toBe(true);
    expect(conflictOrigin('scenes/a-b.md', new Set(['scenes/b.md']))).toBeNull();
  });
});

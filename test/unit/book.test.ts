import { describe, expect, test } from 'vitest';
import { asciiSlug } from '#electron/services/studio/books/asciiSlug.ts';
import { bookText } from '#electron/services/studio/books/bookText.ts';
import { type BookFile, planBook } from '#electron/services/studio/books/planBook.ts';
import { protectFromTemplates } from '#electron/services/studio/books/profiles.ts';
import { isSafeAddress, safeHtml } from '#electron/services/studio/books/safeHtml.ts';
import type { BookOptions } from '#shared/contract/studio.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { createNodeId, ImageId, type SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import type { OutlineNode } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';

const options: BookOptions = { language: 'en', format: 'mdbook', sceneIds: null, includeCharacters: true };

const image = (digit: string, file: string, fields: Partial<StoryImage> = {}): StoryImage => ({
  id: ImageId.parse(digit.repeat(64)),
  file,
  originalName: file,
  format: 'png',
  width: 4,
  height: 4,
  bytes: 100,
  animated: false,
  alt: { en: `alt of ${digit}`, zh: '' },
  caption: { en: '', zh: '' },
  tags: [],
  credit: '',
  licence: '',
  source: '',
  ...fields,
});

function storyOf(outline: OutlineNode[], scenes: Scene[], fields: Partial<Story> = {}): Story {
  return {
    ...createStory('A *Tale* of [Two]', 'en'),
    outline,
    scenes: Object.fromEntries(scenes.map((scene) => [scene.id, scene])),
    ...fields,
  };
}
const textsOf = (scenes: readonly Scene[]) =>
  new Map<SceneId, string>(scenes.map((scene) => [scene.id, scene.text ?? '']));
const scene = (title: string, text: string, fields: Partial<Scene> = {}) =>
  createScene({ lang: 'en', title, text, ...fields });
const leaf = ({ id }: Scene): OutlineNode => ({ kind: 'scene', id });
const text = (files: readonly BookFile[], path: string): string => {
  const file = files.find((candidate) => candidate.path === path);
  if (!file || !('text' in file)) throw new Error(`No ${path} in ${files.map((one) => one.path).join(', ')}`);
  return file.text;
};
const paths = (files: readonly BookFile[]) => files.map(({ path }) => path);

describe('what is in a book', () => {
  test('parts are headings, chapters hold their scenes, titles are escaped', () => {
    const scenes = [scene('Arrival', 'a'), scene('[Link](x) & <b>', 'b'), scene('雨', 'c'), scene('', 'd')];
    const [one, two, three, four] = scenes as [Scene, Scene, Scene, Scene];
    const story = storyOf(
      [
        leaf(one),
        {
          kind: 'part',
          id: createNodeId(),
          title: 'Part *One*',
          children: [
            { kind: 'chapter', id: createNodeId(), title: 'First', children: [leaf(two), leaf(three)] },
          ],
        },
        { kind: 'chapter', id: createNodeId(), title: 'Afterwards', children: [leaf(four)] },
      ],
      scenes,
    );
    const files = planBook(story, textsOf(scenes), options);
    expect(text(files, 'src/SUMMARY.md')).toBe(`# Contents

[A \\*Tale\\* of \\[Two\\]](title.md)

- [Scene 1: Arrival](scene-01-arrival.md)

# Part \\*One\\*

- [First](chapter-01-first.md)
  - [Scene 2: \\[Link\\](x) &amp; &lt;b&gt;](scene-02-link-x-b.md)
  - [Scene 3: 雨](scene-03.md)

---

- [Afterwards](chapter-02-afterwards.md)
  - [Scene 4](scene-04.md)
`);
    expect(text(files, 'src/scene-01-arrival.md')).toBe('# Scene 1: Arrival\n\na\n');
    expect(text(files, 'book.toml')).toBe(
      '[book]\ntitle = "A *Tale* of [Two]"\nlanguage = "en"\nsrc = "src"\n',
    );
  });

  test('headings and captions are in the language of the book', () => {
    const one = scene('雨', '正文');
    const story = storyOf([leaf(one)], [one], {
      characterOrder: [],
    });
    const person = createCharacter({ name: '艾拉拉', description: '女法师' });
    const files = planBook(
      { ...story, characters: { [person.id]: person }, characterOrder: [person.id] },
      textsOf([one]),
      { ...options, language: 'zh' },
    );
    expect(text(files, 'src/characters.md')).toBe('# 角色\n\n## 艾拉拉\n\n女法师\n');
    expect(text(files, 'src/scene-01.md')).toBe('# 场景 1：雨\n\n正文\n');
    expect(text(files, 'book.toml')).toContain('language = "zh-Hans"');
  });

  test('pictures of the prose keep their place, illustrations follow, others stay out; credits name those shown', () => {
    const inProse = image('a', 'cave-aaaaaaaa.png', {
      caption: { en: 'The cave', zh: '' },
      credit: 'Ann',
      licence: 'CC0-1.0',
    });
    const after = image('b', '水-bbbbbbbb.png', { caption: { en: 'After "all"', zh: '' } });
    const reference = image('c', 'mood.png', { credit: 'Nobody' });
    const one = scene('One', `before\n\n![mine](../images/cave-aaaaaaaa.png "My caption")\n\nafter`, {
      pictures: [
        { imageId: inProse.id, role: 'illustration' },
        { imageId: after.id, role: 'illustration' },
        { imageId: reference.id, role: 'reference' },
      ],
    });
    const images = Object.fromEntries([inProse, after, reference].map((picture) => [picture.id, picture]));
    const files = planBook(storyOf([leaf(one)], [one], { images }), textsOf([one]), options);
    expect(text(files, 'src/scene-01-one.md')).toBe(`# Scene 1: One

before

![mine](images/cave-aaaaaaaaaaaa.png "My caption")

*My caption*

after

![alt of b](images/picture-bbbbbbbbbbbb.png "After &quot;all&quot;")

*After "all"*
`);
    expect(text(files, 'src/credits.md')).toBe(
      '# Picture credits\n\n- **The cave** — by Ann; licence: CC0-1.0\n',
    );
    expect(paths(files).filter((path) => path.includes('images/'))).toEqual([
      'src/images/cave-aaaaaaaaaaaa.png',
      'src/images/picture-bbbbbbbbbbbb.png',
    ]);
  });

  test('a picture in the trash or gone from the disk leaves its description', () => {
    const gone = image('a', 'gone.png');
    const one = scene('One', 'x ![what it showed](../images/gone.png) y');
    const story = storyOf([leaf(one)], [one], { images: { [gone.id]: gone } });
    expect(
      text(
        planBook(story, textsOf([one]), options, () => false),
        'src/scene-01-one.md',
      ),
    ).toContain('x what it showed y');
    const trashed = { ...story, trash: [{ kind: 'image' as const, id: gone.id, deletedAt: '' }] };
    expect(paths(planBook(trashed, textsOf([one]), options))).not.toContain(
      'src/images/gone-aaaaaaaaaaaa.png',
    );
  });

  test('empty scenes are left out unless chosen; a book of nothing is refused', () => {
    const scenes = [scene('Full', 'text'), scene('Empty', ' \n')];
    const [full, empty] = scenes as [Scene, Scene];
    const story = storyOf([leaf(full), leaf(empty)], scenes);
    expect(paths(planBook(story, textsOf(scenes), options))).not.toContain('src/scene-02-empty.md');
    expect(paths(planBook(story, textsOf(scenes), { ...options, sceneIds: [empty.id] }))).toContain(
      'src/scene-01-empty.md',
    );
    expect(() => planBook(storyOf([leaf(empty)], [empty]), textsOf([empty]), options)).toThrow(
      expect.objectContaining({ code: 'book/empty' }),
    );
  });

  test('the HonKit layout has its pages at the top and a README', () => {
    const one = scene('One', 'text');
    const files = planBook(storyOf([leaf(one)], [one]), textsOf([one]), { ...options, format: 'honkit' });
    expect(paths(files)).toEqual(['book.json', 'SUMMARY.md', 'README.md', 'scene-01-one.md']);
  });
});

describe('text on its way into a book', () => {
  const picture = { path: 'images/x.png', alt: 'of the story', caption: 'Caption' };
  const convert = (markdown: string) =>
    bookText(markdown, (file) => (file === 'x.png' ? picture : null)).trimEnd();

  test.each([
    ['plain *text* stays', 'plain *text* stays'],
    ['![](../images/x.png)', '![of the story](images/x.png)'],
    ['see ![a](../images/x.png "t") here', 'see ![a](images/x.png "t") here'],
    ['![a][one]\n\n[one]: ../images/x.png', '![a][one]\n\n[one]: images/x.png'],
    ['[**a**](../images/x.png "t")', '[**a**](images/x.png "t")'],
    ['[a](https://example.org/b?c=d&e)', '[a](https://example.org/b?c=d&e)'],
    ['[a](javascript:alert(1))', 'a'],
    ['[a](<  JAVAscript:alert(1)>)', 'a'],
    ['[a](data:text/html,x) [b](vbscript:x) [c](//evil.example)', 'a b c'],
    ['![a](file:///etc/passwd)', 'a'],
    ['[<script>a</script>](javascript:x)', '&lt;script>a&lt;/script>'],
    [
      '[a ![b](../images/x.png) <i onclick=x>c</i>](../images/x.png)',
      '[a ![b](images/x.png) <i>c</i>](images/x.png)',
    ],
    ['[](javascript:x)', ''],
    ['<javascript:alert(1)>', 'javascript:alert(1)'],
    ['[x]: javascript:alert(1)\n\n[x]', '[x]: #\n\n[x]'],
    ['a <script>b</script> c', 'a &lt;script>b&lt;/script> c'],
    ['<div class="c" onclick="x()" STYLE="y">z</div>', '<div class="c">z</div>'],
    ['<img src="../images/x.png" alt="q">', '<img src="images/x.png" alt="q">'],
    ['<ruby>漢<rt>かん</rt></ruby>', '<ruby>漢<rt>かん</rt></ruby>'],
    ['text <!-- a note of mine --> more', 'text  more'],
    ['<a href="&#106;avascript:x">a</a>', '<a>a</a>'],
    ['a < b', 'a &lt; b'],
    ['```\nopen', '```\nopen\n```'],
    ['````\n```\n````', '````\n```\n````'],
    ['`<script>`', '`<script>`'],
  ])('%j becomes %j', (markdown, expected) => {
    expect(convert(markdown)).toBe(expected);
  });

  test('what nests without end is shown as it is', () => {
    const deep = `${'> '.repeat(5_000)}x`;
    expect(convert(deep)).toBe(`\`\`\`\n${deep}\n\`\`\``);
  });

  test('is the same when it is converted again', () => {
    const markdown = '# H\n\n![a](../images/x.png "t") <b>x</b> [l](javascript:x) <script>';
    const once = convert(markdown);
    expect(convert(once)).toBe(once);
  });
});

test('raw HTML keeps what is harmless and shows what is not', () => {
  const same = (address: string) => address;
  expect(safeHtml('<b a=1 c>x</b>', same)).toBe('<b a="1" c>x</b>');
  expect(safeHtml('<svg/onload=alert(1)>', same)).toBe('&lt;svg/onload=alert(1)>');
  expect(safeHtml('<img src=x onerror=alert(1)//>', same)).not.toMatch(/onerror/);
  expect(safeHtml('<a href="x" href="javascript:1">', same)).toBe('<a href="x">');
  expect(safeHtml('<p title="<script>">', same)).toBe('<p title="&lt;script&gt;">');
  expect(safeHtml('<p', same)).toBe('&lt;p');
  expect(safeHtml('<!-- a', same)).toBe('&lt;!-- a');
});

test('only addresses that cannot run anything are safe', () => {
  for (const safe of ['a.md', '#top', 'https://example.org', 'mailto:a@b.c', 'x/y:z', '?q=a:b'])
    expect(isSafeAddress(safe), safe).toBe(true);
  for (const unsafe of [
    'javascript:1',
    ' java\nscript:1',
    'JAVASCRIPT:1',
    'data:x',
    'file:///x',
    '//evil',
    '\\\\evil',
    '\u0001javascript:1',
  ]) {
    expect(isSafeAddress(unsafe), unsafe).toBe(false);
  }
});

test('file names are ASCII and short', () => {
  expect(asciiSlug('Élan & “Ørsted” 3')).toBe('elan-rsted-3');
  expect(asciiSlug('水晶')).toBe('');
  expect(asciiSlug('x'.repeat(99))).toHaveLength(48);
});

test('commands of the book tools are shown, not run', () => {
  expect(protectFromTemplates('{{#include x}} {{ a }}', 'mdbook')).toBe('\\{{#include x}} {{ a }}');
  expect(protectFromTemplates('{{ a }} {% b %} {# c #} { d }', 'honkit')).toBe(
    '{{ "{" }}{ a }} {{ "{" }}% b %} {{ "{" }}# c #} { d }',
  );
});

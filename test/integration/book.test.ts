import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { completeStoryMarkdown } from '#electron/services/studio/books/completeStory.ts';
import { createBooksService } from '#electron/services/studio/books/createBooksService.ts';
import type { Session } from '#electron/services/studio/session.ts';
import { type BookOptions, SessionId } from '#shared/contract/studio.ts';
import { readStory, sampleFolder, textsOf } from '../support/samples.ts';

const honkit = fileURLToPath(import.meta.resolve('honkit/bin/honkit.js'));
const sessionId = SessionId.parse('session-1');
const newFolder = () => mkdtempSync(join(tmpdir(), 'storyloom-book-'));
const options: BookOptions = { language: 'en', format: 'mdbook', sceneIds: null, includeCharacters: true };

async function serviceFor(folder: string, defaultBooksFolder: string, change = (text: string) => text) {
  const story = await readStory(folder);
  const texts = new Map(Array.from(textsOf(story), ([id, text]) => [id, change(text)]));
  const session = { id: sessionId, folder, story, readTexts: async () => texts } as unknown as Session;
  return createBooksService({ sessions: { get: () => session }, defaultBooksFolder });
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
const contents = (folder: string) =>
  Object.fromEntries(filesIn(folder).map((file) => [file, readFileSync(join(folder, file), 'base64')]));

/** Targets of links and pictures in built pages that lead nowhere. */
function deadLinks(site: string): string[] {
  return filesIn(site)
    .filter((file) => file.endsWith('.html'))
    .flatMap((file) => {
      const html = readFileSync(join(site, file), 'utf8').replace(/<script[\s\S]*?<\/script>/g, '');
      return Array.from(
        html.matchAll(/<[a-z]+ (?:[^<>]*\s)?(?:href|src)="([^"#?]*)[^"]*"/g),
        (match) => match[1] ?? '',
      )
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => {
          const path = join(site, dirname(file), decodeURI(target));
          return !existsSync(path);
        })
        .map((target) => `${file} → ${target}`);
    });
}

function build(folder: string): string {
  const site = join(folder, '_site');
  const result = spawnSync(process.execPath, [honkit, 'build', folder, site], {
    encoding: 'utf8',
  });
  expect(result.status, result.stdout + result.stderr).toBe(0);
  return site;
}

test.each([
  ['en', 'Characters', 'Scene 1: The Forest of Glass Light', 'Picture credits'],
  ['zh', '角色', '场景 1：琉璃光的森林', '图片来源'],
] as const)(
  'HonKit builds the %s sample, every link and picture resolves',
  async (language, people, scene, credits) => {
    const books = await serviceFor(sampleFolder(language), newFolder());
    const { folder, leftOut } = await books.export({
      sessionId,
      options: { ...options, language, format: 'honkit' },
      parentFolder: null,
    });
    expect(leftOut).toEqual([]);
    const site = build(folder);
    expect(deadLinks(site)).toEqual([]);
    const pages = filesIn(site).filter((file) => file.endsWith('.html'));
    expect(pages).toContain('index.html');
    const html = pages.map((file) => readFileSync(join(site, file), 'utf8')).join('\n');
    for (const heading of [people, scene, credits]) expect(html).toContain(heading);
    expect(html.match(/<img [^>]*src="images\/[^"]+\.jpg" alt="[^"]+"/g)?.length).toBeGreaterThanOrEqual(8);
  },
);

test.each(['honkit', 'mdbook'] as const)(
  'a book in the %s layout holds exactly the pictures it shows',
  async (format) => {
    const books = await serviceFor(sampleFolder('en'), newFolder());
    const { folder, files } = await books.export({
      sessionId,
      options: { ...options, format },
      parentFolder: null,
    });
    const written = filesIn(folder);
    expect(written).toHaveLength(files);
    const pages = written
      .filter((file) => file.endsWith('.md'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    const shown = new Set(
      pages.flatMap((page) => Array.from(page.matchAll(/\]\((images\/[^ )]+)/g), (match) => match[1])),
    );
    const images = written
      .filter((file) => file.includes('images/'))
      .map((file) => file.replace(/^src\//, ''));
    expect(images.sort()).toEqual(Array.from(shown).sort());
    expect(images).toHaveLength(7);
  },
);

test('the same story gives the same bytes, in a folder of its own each time', async () => {
  const parent = newFolder();
  const books = await serviceFor(sampleFolder('zh'), parent);
  const first = await books.export({ sessionId, options, parentFolder: parent });
  const second = await books.export({ sessionId, options, parentFolder: parent });
  expect(second.folder).toBe(`${first.folder}-2`);
  expect(contents(second.folder)).toEqual(contents(first.folder));
  expect(readdirSync(parent).sort()).toEqual(['水晶守护者-book', '水晶守护者-book-2']);
});

test('never writes into a folder that holds something, nor into the files of the story', async () => {
  const parent = newFolder();
  mkdirSync(join(parent, 'the-crystal-guardian-book'));
  writeFileSync(join(parent, 'the-crystal-guardian-book', 'mine.txt'), 'mine');
  const books = await serviceFor(sampleFolder('en'), parent);
  const { folder } = await books.export({ sessionId, options, parentFolder: parent });
  expect(folder).toBe(join(parent, 'the-crystal-guardian-book-2'));
  expect(readdirSync(join(parent, 'the-crystal-guardian-book'))).toEqual(['mine.txt']);
  await expect(
    books.export({ sessionId, options, parentFolder: join(sampleFolder('en'), 'scenes') }),
  ).rejects.toMatchObject({ code: 'book/folder-in-use' });
});

test('a folder that cannot be written gives a typed error and leaves nothing behind', async () => {
  const parent = newFolder();
  const file = join(parent, 'a-file');
  writeFileSync(file, '');
  const books = await serviceFor(sampleFolder('en'), parent);
  await expect(books.export({ sessionId, options, parentFolder: file })).rejects.toMatchObject({
    code: expect.stringMatching(/^disk\//),
  });
  expect(readdirSync(parent)).toEqual(['a-file']);
});

test('hostile text neither runs in the built book nor is executed by the tool', async () => {
  const secret = join(newFolder(), 'secret.txt');
  writeFileSync(secret, 'TOP-SECRET');
  const hostile = [
    '<script>alert(1)</script>',
    '<img src=x onerror="alert(2)">',
    '<a href="java&#115;cript:alert(3)">a</a> [b](javascript:alert(4)) [c](<java\nscript:alert(5)>)',
    `{% include "${secret}" %} {{ book.title }} {{#include ${secret}}}`,
    '[d](javascript:alert(8) x)\n[e]: javascript:alert(9)\n\n[e] [f][e]',
    '\\<script>alert(6)\\</script>',
    '<div\n\n<iframe src="https://example.org">',
    '```\nfenced <script>alert(7)</script>',
  ].join('\n\n');
  const books = await serviceFor(sampleFolder('en'), newFolder(), () => hostile);
  const { folder } = await books.export({
    sessionId,
    options: { ...options, format: 'honkit' },
    parentFolder: null,
  });
  const site = build(folder);
  const scene = filesIn(site).find((file) => file.startsWith('scene-01')) ?? '';
  const html = readFileSync(join(site, scene), 'utf8');
  const section = /<section class="normal[^"]*">([\s\S]*?)<\/section>/.exec(html)?.[1] ?? '';
  expect(section).toContain('alert(1)');
  expect(section).toContain('{{ book.title }}');
  expect(section).toContain('{% include');
  expect(section).not.toContain('TOP-SECRET');
  expect(section).not.toMatch(/<script|<iframe|<[a-z][^<>]*\son\w+=|(?:href|src)="[^"]*script:/i);
  expect(deadLinks(site).filter((dead) => !dead.endsWith('→ x'))).toEqual([]);
});

test('the complete story has the layout of the specification', async () => {
  const english = await readStory(sampleFolder('en'));
  const chinese = await readStory(sampleFolder('zh'));
  expect(completeStoryMarkdown(english, textsOf(english))).toMatch(
    /^# The Crystal Guardian\n\n## Characters\n\n### Elara\n\nA young sorceress with the ability to communicate with crystals\n\n### Old Root\n\n[\s\S]*\n## Scene 1: A mysterious forest with glowing crystals\n\nThe forest began to sing/,
  );
  expect(completeStoryMarkdown(chinese, textsOf(chinese))).toMatch(
    /^# 水晶守护者\n\n## 角色\n\n### 艾拉拉\n\n[\s\S]*\n## 场景 1: 一片神秘的森林，水晶在其中发光\n\n天黑以后/,
  );
});

test('a picture that is a link out of the story is left out, and its target is not in the book', async () => {
  const parent = newFolder();
  const folder = join(parent, 'story');
  cpSync(sampleFolder('en'), folder, { recursive: true });
  const secret = join(parent, 'diary.jpg');
  writeFileSync(secret, readFileSync(join(folder, 'images', 'elara-f51b596d.jpg')));
  for (const name of readdirSync(join(folder, 'images')).filter((file) => file.endsWith('.jpg'))) {
    unlinkSync(join(folder, 'images', name));
    symlinkSync(secret, join(folder, 'images', name));
  }
  const service = await serviceFor(folder, join(parent, 'books'));
  const book = await service.export({ sessionId, options, parentFolder: null });
  expect(book.leftOut).toHaveLength(10);
  expect(filesIn(book.folder).filter((file) => /\.(jpe?g|png|webp|gif|avif)$/.test(file))).toEqual([]);
});

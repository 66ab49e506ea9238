import { createHash } from 'node:crypto';
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Uploads } from '#electron/services/studio/images/Uploads.ts';
import type { ImportResult, OpenedStory } from '#shared/contract/studio.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { animatedGif, cmykJpeg, picture, pngBomb, rotatedJpeg } from '../support/pictures.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';

let host: TestStudio;
let opened: OpenedStory;
let count = 0;

beforeAll(async () => {
  host = await openTestStudio();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});
beforeEach(async () => {
  count += 1;
  const title = `Pictures ${String(count)}`;
  opened = await host.studio.services.projects.create({ title, language: 'en', parentFolder: null });
});

const images = () => host.studio.services.images;

async function* bytes(...chunks: (Uint8Array | string)[]) {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Uploads and imports; results in the order of the files. */
async function take(files: Readonly<Record<string, Uint8Array | string>>, sessionId = opened.sessionId) {
  const uploads = await Promise.all(
    Object.entries(files).map(async ([name, content]) => ({
      uploadId: await images().uploads.receive(bytes(content)),
      name,
    })),
  );
  const results = await Array.fromAsync(images().import({ sessionId, uploads }));
  return uploads.map(({ name }) => results.find((result) => result.name === name));
}

function added(result: ImportResult | undefined): StoryImage {
  if (result?.outcome !== 'added') throw new Error(`Not added: ${JSON.stringify(result)}`);
  return result.image;
}

async function addToStory(image: StoryImage): Promise<void> {
  const session = host.studio.sessions.get(opened.sessionId);
  await session.apply(session.revision, [{ kind: 'image.add', image }]);
}

const inStory = (...path: string[]) => join(opened.folder, ...path);
const listed = (...path: string[]) => readdir(inStory(...path)).catch(() => [] as string[]);

describe('importing pictures', () => {
  test('takes the good ones of a mixed drop and says of each other one why not', async () => {
    const jpeg = await picture(640, 480).jpeg().toBuffer();
    const results = await take({
      'photo.jpg': jpeg,
      'print.jpg': await cmykJpeg(100, 60),
      'phone.jpg': await rotatedJpeg(200, 100),
      'moving.gif': await animatedGif(60, 40),
      'bomb.png': pngBomb(20_000, 15_000),
      'cut.jpg': jpeg.subarray(0, jpeg.length / 2),
      'empty.png': '',
      'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
      'notes.txt': 'not a picture at all, just some notes',
    });
    expect(
      results.map((result) => (result?.outcome === 'failed' ? result.error.code : result?.outcome)),
    ).toEqual([
      'added',
      'added',
      'added',
      'added',
      'image/too-large',
      'image/damaged',
      'image/empty',
      'image/unsupported-type',
      'image/unsupported-type',
    ]);
    expect(results[4]).toMatchObject({ error: { details: { pixels: 300_000_000, maxPixels: 50_000_000 } } });
    expect(added(results[2])).toMatchObject({ width: 100, height: 200 });
    expect(added(results[3])).toMatchObject({ animated: true });
    expect(await listed('images')).toHaveLength(4);
  });

  test('copies the very bytes under a readable name, and says nothing about them yet', async () => {
    const content = await picture(64, 48).png().toBuffer();
    const [result] = await take({ '/home/someone/Wald & Träume (final).png': content });
    const image = added(result);
    const sha = createHash('sha256').update(content).digest('hex');
    expect(image).toEqual({
      id: sha,
      file: `wald-träume-final-${sha.slice(0, 8)}.png`.normalize('NFC'),
      originalName: 'Wald & Träume (final).png',
      format: 'png',
      width: 64,
      height: 48,
      bytes: content.length,
      animated: false,
      alt: { en: '', zh: '' },
      caption: { en: '', zh: '' },
      tags: [],
      credit: '',
      licence: '',
      source: '',
    });
    expect(Buffer.compare(await readFile(inStory('images', image.file)), content)).toBe(0);
  });

  test.each([
    '../../../etc/passwd.png',
    '..\\..\\boot.png',
    '.hidden.png',
    'CON.png',
    '',
    'x'.repeat(5_000),
    '水晶.png',
    '\0\n.png',
  ])('a hostile name (%#) makes a harmless file', async (name) => {
    const [result] = await take({
      [name]: await picture(20 + count, 20)
        .png()
        .toBuffer(),
    });
    const { file } = added(result);
    expect(file).toMatch(/^[\p{L}\p{M}\p{N}-]+-[0-9a-f]{8}\.png$/u);
    expect(await listed('images')).toEqual([file]);
  });

  test('knows a picture again: in the story, in the same drop, under another name', async () => {
    const content = await picture(40, 30).png().toBuffer();
    const twice = await take({ 'first.png': content, 'second.png': content });
    expect(twice.map((result) => result?.outcome).sort()).toEqual(['added', 'known']);
    const image = added(twice.find((result) => result?.outcome === 'added'));
    await addToStory(image);
    expect(await take({ 'third.png': content })).toEqual([
      { outcome: 'known', name: 'third.png', imageId: image.id },
    ]);
    expect(await listed('images')).toEqual([image.file]);
  });

  test('never writes over a file that happens to have the name', async () => {
    const content = await picture(44, 33).png().toBuffer();
    const sha = createHash('sha256').update(content).digest('hex');
    await mkdir(inStory('images'), { recursive: true });
    await writeFile(inStory('images', `oak-${sha.slice(0, 8)}.png`), 'somebody else put this here');
    const [result] = await take({ 'oak.png': content });
    expect(added(result).file).toBe(`oak-${sha}.png`);
    expect(await readFile(inStory('images', `oak-${sha.slice(0, 8)}.png`), 'utf8')).toBe(
      'somebody else put this here',
    );
  });

  test('leaves no upload behind, whatever became of it', async () => {
    await take({ 'a.png': await picture(10, 11).png().toBuffer() });
    const { uploadId } = { uploadId: await images().uploads.receive(bytes('half a picture')) };
    await images().uploads.discard(uploadId);
    await expect(images().uploads.path(uploadId)).rejects.toMatchObject({ code: 'image/not-found' });
  });

  test('fails one by one where uploads are unknown, expired or made up', async () => {
    const results = await Array.fromAsync(
      images().import({
        sessionId: opened.sessionId,
        uploads: ['0'.repeat(32), '../../settings.json', ''].map((uploadId) => ({
          uploadId,
          name: uploadId,
        })),
      }),
    );
    expect(results.map((result) => result.outcome === 'failed' && result.error.code)).toEqual(
      Array(3).fill('image/not-found'),
    );
  });

  test('takes in fifty pictures at once, two at a time, without losing one', async () => {
    const files: Record<string, Uint8Array> = {};
    for (let index = 0; index < 50; index += 1)
      files[`p${String(index)}.png`] = await picture(30 + index, 20)
        .png()
        .toBuffer();
    const results = await take(files);
    expect(new Set(results.map((result) => added(result).id)).size).toBe(50);
    expect(await listed('images')).toHaveLength(50);
    expect(host.processes.imaging.status.state).toBe('ready');
  });

  test('survives the death of the imaging process in the middle of a drop', async () => {
    const files: Record<string, Uint8Array> = {};
    for (let index = 0; index < 12; index += 1)
      files[`q${String(index)}.png`] = await picture(900 + index, 700)
        .png()
        .toBuffer();
    const killing = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      host.processes.imaging.restart();
    })();
    const results = await take(files);
    await killing;
    expect(results.map((result) => result?.outcome)).toEqual(Array(12).fill('added'));
  });

  test('a closed story takes nothing', async () => {
    await host.studio.services.projects.close({ sessionId: opened.sessionId });
    await expect(take({ 'late.png': 'x' })).rejects.toMatchObject({ code: 'project/closed' });
  });
});

describe('serving pictures', () => {
  async function addOne(width = 800): Promise<StoryImage> {
    const image = added((await take({ 'one.png': await picture(width, 200).png().toBuffer() }))[0]);
    await addToStory(image);
    return image;
  }

  test('makes a thumbnail once, beside the story', async () => {
    const image = await addOne();
    const resolve = () => images().resolveImage(opened.sessionId, image.id, 'thumb');
    const [first, second] = await Promise.all([resolve(), resolve()]);
    expect(first).toEqual(second);
    expect(first).toEqual({
      path: inStory('.storyloom', 'thumbnails', `${image.id}-320.webp`),
      mime: 'image/webp',
    });
    const { mtimeMs } = await stat(first.path);
    await resolve();
    expect((await stat(first.path)).mtimeMs).toBe(mtimeMs);
    await rm(inStory('.storyloom', 'thumbnails'), { recursive: true });
    expect(await resolve()).toEqual(first);
    expect((await stat(first.path)).size).toBeGreaterThan(0);
  });

  test('keeps thumbnails elsewhere where the story takes no files', async () => {
    const image = await addOne(801);
    await rm(inStory('.storyloom', 'thumbnails'), { recursive: true, force: true });
    await writeFile(inStory('.storyloom', 'thumbnails'), 'a file in the way');
    const { path } = await images().resolveImage(opened.sessionId, image.id, 'thumb');
    expect(path).toBe(join(host.folder, 'data', 'thumbnails', `${image.id}-320.webp`));
    await unlink(inStory('.storyloom', 'thumbnails'));
  });

  test('gives no file from outside the story, whatever the story says its pictures are', async () => {
    const image = await addOne(802);
    await writeFile(join(host.folder, 'secret.png'), 'secret');
    await unlink(inStory('images', image.file));
    await symlink(join(host.folder, 'secret.png'), inStory('images', image.file));
    for (const variant of ['full', 'thumb'] as const) {
      await expect(images().resolveImage(opened.sessionId, image.id, variant)).rejects.toMatchObject({
        code: 'image/not-found',
      });
    }
    await unlink(inStory('images', image.file));
    const session = host.studio.sessions.get(opened.sessionId);
    for (const [index, file] of ['../story.json', '../../secret.png', '/etc/passwd', '..', ''].entries()) {
      const id = ImageId.parse(String(index).repeat(64));
      await session
        .apply(session.revision, [{ kind: 'image.add', image: { ...image, id, file } }])
        .catch(() => undefined);
      await expect(images().resolveImage(opened.sessionId, id, 'full'), file).rejects.toMatchObject({
        code: 'image/not-found',
      });
    }
  });

  test('says that a picture is damaged when its file was replaced by nonsense', async () => {
    const image = await addOne(803);
    await writeFile(inStory('images', image.file), 'nonsense that is long enough to be looked at');
    await expect(images().resolveImage(opened.sessionId, image.id, 'thumb')).rejects.toMatchObject({
      code: 'image/unsupported-type',
    });
  });
});

describe('uploads', () => {
  test('are cut off at the limit and gone', async () => {
    const uploads = new Uploads(join(host.folder, 'limited'));
    const flood = (async function* () {
      for (;;) yield Buffer.alloc(1024 * 1024);
    })();
    await expect(uploads.receive(flood)).rejects.toMatchObject({ code: 'image/too-large' });
    expect(await readdir(join(host.folder, 'limited', 'uploads'))).toEqual([]);
  });

  test('that break off are gone', async () => {
    const uploads = new Uploads(join(host.folder, 'broken'));
    const broken = (async function* () {
      yield Buffer.from('half');
      throw new Error('connection reset');
    })();
    await expect(uploads.receive(broken)).rejects.toMatchObject({ code: 'disk/failed' });
    expect(await readdir(join(host.folder, 'broken', 'uploads'))).toEqual([]);
  });

  test('that nobody imported are gone after an hour', async () => {
    const folder = join(host.folder, 'old');
    const uploads = new Uploads(folder);
    const uploadId = await uploads.receive(bytes('old'));
    const old = new Date(Date.now() - 61 * 60_000);
    await appendFile(await uploads.path(uploadId), '');
    await utimes(await uploads.path(uploadId), old, old);
    const fresh = await uploads.receive(bytes('new'));
    expect(await readdir(join(folder, 'uploads'))).toEqual([fresh]);
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sceneOrder } from '#shared/story/outline.ts';
import { pictureReferences, storyPictureName } from '#shared/text/markdown.ts';
import { readStory, sampleFolder } from '../support/samples.ts';

const samples = join(import.meta.dirname, '../../electron/samples');

const contents = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'base64')]),
  );

test('the samples are what their sources say, byte by byte', () => {
  const target = mkdtempSync(join(tmpdir(), 'storyloom-samples-'));
  const built = spawnSync(process.execPath, [join(samples, 'build.ts'), target], { encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
  for (const language of ['en', 'zh'] as const) {
    expect(contents(join(target, `crystal-guardian-${language}`))).toEqual(contents(sampleFolder(language)));
  }
  expect(readFileSync(join(target, 'LICENCES.md'), 'utf8')).toBe(
    readFileSync(join(samples, 'LICENCES.md'), 'utf8'),
  );
});

describe.each(['en', 'zh'] as const)('the sample story (%s)', (language) => {
  test('has chapters, people with portraits, prose, and an unfinished scene', async () => {
    const story = await readStory(sampleFolder(language));
    const scenes = sceneOrder(story.outline).flatMap((id) => story.scenes[id] ?? []);
    expect(scenes).toHaveLength(6);
    expect(story.outline).toHaveLength(3);
    for (const scene of scenes) {
      expect(scene).toMatchObject({
        lang: language,
        title: expect.stringMatching(/\S/),
        summary: expect.stringMatching(/\S/),
      });
      expect(scene.counts.words).toBeGreaterThan(100);
    }
    expect(scenes.at(-1)).toMatchObject({ status: 'idea', authorNote: expect.stringMatching(/\S/) });
    for (const id of story.characterOrder) expect(story.characters[id]?.portrait).toMatch(/^[0-9a-f]{64}$/);
  });

  test('every picture is credited, described in both languages, small, and without metadata', async () => {
    const story = await readStory(sampleFolder(language));
    const images = Object.values(story.images);
    expect(images.length).toBeGreaterThanOrEqual(6);
    expect(images.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(1_500_000);
    const licences = readFileSync(join(samples, 'LICENCES.md'), 'utf8');
    for (const image of images) {
      expect(image.bytes).toBeLessThanOrEqual(250_000);
      for (const text of [image.alt.en, image.alt.zh, image.credit, image.source]) expect(text).toMatch(/\S/);
      expect(image.licence).toMatch(/^(?:GPL-2\.0-or-later|CC-BY-SA-3\.0|CC0-1\.0)$/);
      expect(licences).toContain(`| ${image.credit} | ${image.licence} | ${image.source} |`);
      const facts = await sharp(join(sampleFolder(language), 'images', image.file)).metadata();
      expect(facts).toMatchObject({ width: image.width, height: image.height, format: 'jpeg' });
      expect(facts.exif).toBeUndefined();
    }
  });

  test('pictures of the prose are there, and some hang nowhere yet, for "illustrate" to find', async () => {
    const story = await readStory(sampleFolder(language));
    const files = new Set(Object.values(story.images).map(({ file }) => file));
    const scenes = Object.values(story.scenes);
    const shown = scenes.flatMap(({ text }) =>
      pictureReferences(text ?? '').map(({ target }) => storyPictureName(target)),
    );
    expect(shown).toHaveLength(3);
    for (const name of shown) expect(files).toContain(name);
    const hanging = new Set(
      [...scenes, ...Object.values(story.characters)].flatMap(({ pictures }) =>
        pictures.map(({ imageId }) => imageId),
      ),
    );
    expect(Object.values(story.images).filter(({ id }) => !hanging.has(id)).length).toBeGreaterThanOrEqual(3);
  });
});

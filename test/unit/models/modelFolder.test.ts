import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ModelDescription, readModelFolder } from '#models/runtime/modelFolder.ts';
import { writeModelFolder } from '../../support/modelFolders.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-model-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('reads the description of a model folder', async () => {
  const written = await writeModelFolder(folder, 'my-clip');
  expect(await readModelFolder(folder)).toEqual(written);
});

const spoilt: readonly (readonly [string, (good: ModelDescription) => unknown, string])[] = [
  ['another layout', (good) => ({ ...good, layout: 2 }), 'layout'],
  ['an unknown architecture', (good) => ({ ...good, architecture: 'gpt' }), 'architecture'],
  ['no variant', (good) => ({ ...good, variants: {} }), 'variants'],
  ['an unknown precision', (good) => ({ ...good, variants: { q3: good.variants.fp32 } }), 'variants'],
  [
    'a path that leads out',
    (good) => ({ ...good, files: { '../../secret': { bytes: 1, sha256: 'a'.repeat(64) } } }),
    'files',
  ],
  [
    'an absolute path',
    (good) => ({ ...good, variants: { fp32: { ...good.variants.fp32, files: ['/etc/passwd'] } } }),
    'variants.fp32.files.0',
  ],
  [
    'a file it says nothing about',
    (good) => ({ ...good, variants: { fp32: { ...good.variants.fp32, files: ['other.onnx'] } } }),
    'variants.fp32',
  ],
];

test.each(spoilt)('refuses %s and names the key', async (_what, change, key) => {
  await writeModelFolder(folder, 'my-clip', change);
  await expect(readModelFolder(folder)).rejects.toMatchObject({
    code: 'model/damaged',
    details: { key: expect.stringContaining(key) },
  });
});

test('tells a folder without a description from one that cannot be read', async () => {
  await expect(readModelFolder(folder)).rejects.toMatchObject({ code: 'model/not-installed' });
  await writeFile(join(folder, 'model.json'), '{');
  await expect(readModelFolder(folder)).rejects.toMatchObject({ code: 'model/damaged' });
});

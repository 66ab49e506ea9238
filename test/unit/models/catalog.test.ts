import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalog } from '#models/catalog/catalog.ts';
import { obstacleOf } from '#models/manager/obstacleOf.ts';
import type { ModelFamily, ModelManifest } from '#shared/models/manifest.ts';

const every: ReadonlyMap<ModelFamily, null> = new Map(
  (['text', 'embedding', 'clip', 'blip2', 'llava', 'qwenvl', 'smolvlm', 'florence2'] as const).map(
    (family) => [family, null],
  ),
);
const of = (id: string): ModelManifest => {
  const found = catalog.find((manifest) => manifest.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

test('every file of the catalogue is in it once, under its own name', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../models/catalog')).filter((name) =>
    name.endsWith('.json'),
  );
  expect(catalog.map(({ id }) => `${id}.json`).toSorted()).toEqual(files.toSorted());
});

test('holds the four checkpoints of the specification, and says that the first Qwen-VL does not run', () => {
  const found = ['clip-vit-large-patch14', 'blip2-opt-2.7b', 'llava-1.5-7b', 'qwen-vl'].map((id) => [
    of(id).origin.includes('/'),
    obstacleOf(of(id), every),
  ]);
  expect(found).toEqual([
    [true, null],
    [true, 'needs-export'],
    [true, 'needs-export'],
    [true, 'no-export'],
  ]);
  const successor = of('qwen-vl').successor ?? '';
  expect(obstacleOf(of(successor), every)).toBe('needs-export');
});

test('is in plain words in both languages, with a licence and an honest size for every variant', () => {
  for (const { id, name, advice, licence, variants, languages } of catalog) {
    expect([id, name.en, name.zh, advice.en, advice.zh, licence].every((text) => text.length > 2)).toBe(true);
    expect(advice.zh).toMatch(/\p{Script=Han}{6}/u);
    expect(languages.length).toBeGreaterThan(0);
    for (const { diskBytes, memoryBytes, files, estimated } of variants) {
      expect(memoryBytes).toBeGreaterThan(diskBytes * 0.9);
      expect(estimated || files.every(({ bytes }) => bytes !== null)).toBe(true);
    }
  }
});

test('offers nothing that no adapter runs', () => {
  expect(obstacleOf(of('smolvlm-256m'), every)).toBe('needs-export');
  expect(obstacleOf(of('florence-2-base'), every)).toBe('needs-export');
  expect(obstacleOf(of('clip-vit-base-patch32'), new Map())).toBe('no-adapter');
});

test('has Chinese models for matching and for questions, and small ones that fit 4 GB', () => {
  const uses = (manifest: ModelManifest) => manifest.recommendedUse;
  const chinese = catalog.filter((manifest) => uses(manifest).includes('chinese'));
  expect(chinese.some((manifest) => uses(manifest).includes('matching'))).toBe(true);
  expect(chinese.some((manifest) => uses(manifest).includes('questions'))).toBe(true);
  for (const manifest of catalog.filter((one) => uses(one).includes('small'))) {
    const needs = manifest.variants.map((one) => one.memoryBytes + one.cacheBytes + one.workingBytes);
    expect(Math.min(...needs)).toBeLessThan(4 * 1024 ** 3);
  }
});

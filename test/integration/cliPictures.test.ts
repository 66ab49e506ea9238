import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../support/cli.ts';
import { fixtureFolder } from '../support/parity.ts';

const picture = (name: string) =>
  join(import.meta.dirname, '../../electron/samples/crystal-guardian-en/images', `${name}.jpg`);

let models = '';
const before = process.env['STORYLOOM_MODELS'];
beforeAll(() => {
  models = mkdtempSync(join(tmpdir(), 'storyloom-cli-models-'));
  cpSync(fixtureFolder('clip'), join(models, 'tiny-clip'), { recursive: true });
  process.env['STORYLOOM_MODELS'] = models;
});
afterAll(() => {
  if (before === undefined) delete process.env['STORYLOOM_MODELS'];
  else process.env['STORYLOOM_MODELS'] = before;
  rmSync(models, { recursive: true, force: true, maxRetries: 5 });
});

test('pictures are matched with texts and with each other, and looked at once', async () => {
  const { run } = createCli();
  await run(['create', 'Tale', '--language', 'english']);
  const story = (...args: string[]) => ['--story', 'Tale', ...args];
  for (const name of ['elara-f51b596d', 'cave-gate-1a4c0eb8', 'old-root-85a17847'])
    await run(story('scene', 'add', 'A scene.', '--image', picture(name)));

  const matched = await run(story('match', 'a cave', 'an old tree', '--json'));
  expect(matched.result).toMatchObject({ status: 'success', model: 'tiny-clip', missing: 0 });
  const { files, similarities } = matched.result as { files: string[]; similarities: number[][] };
  expect(files).toHaveLength(3);
  expect(similarities.map((row) => row.length)).toEqual([3, 3]);
  expect(similarities.flat().every((value) => Math.abs(value) <= 1.000_01)).toBe(true);
  const told = (run_: typeof matched) => run_.documents.filter(({ type }) => type === 'looking').length;
  expect(told(matched)).toBeGreaterThan(0);

  const alike = await run(story('similar', files[0] ?? '', '--json'));
  expect(told(alike)).toBe(0);
  const { similar } = alike.result as { similar: { file: string; score: number }[] };
  expect(similar.map(({ file }) => file).toSorted()).toEqual(files.slice(1).toSorted());
  expect(similar[0]?.score).toBeGreaterThanOrEqual(similar[1]?.score ?? 9);

  const found = await run(story('illustrate', '1', '--json'));
  expect(found.result).toMatchObject({ status: 'success', looked_by: 'tiny-clip' });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installedModels } from '../support/models.ts';

test("the specification's usage example runs to its end and saves the story", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storyloom-example-'));
  const result = spawnSync(process.execPath, ['docs/examples/crystal-guardian.ts', folder], {
    encoding: 'utf8',
    env: {
      ...process.env,
      STORYLOOM_MODELS: await installedModels(),
      STORYLOOM_DATA_FOLDER: join(folder, 'data'),
    },
  });
  expect(result.status, result.stdout + result.stderr).toBe(0);
  expect(result.stdout).toMatch(/^Scene 1 content: \S.*/m);
  expect(result.stdout).toMatch(/^Scene 2 content: \S.*/m);
  expect(result.stdout).toContain('Q: What magical elements are visible in this scene?\nA: (task/no-route)');
  expect(result.stdout).toMatch(/install one of: .*blip2/);
  expect(result.stdout).toMatch(/^Best illustration indices: \[\d+,\d+,\d+\]$/m);
  const saved = JSON.parse(readFileSync(join(folder, 'stories/crystal_guardian.json'), 'utf8'));
  expect(saved).toMatchObject({
    title: 'The Crystal Guardian',
    language: 'english',
    characters: { Elara: { name: 'Elara', image: expect.stringMatching(/\/images\/elara-.*\.jpg$/) } },
    scenes: [
      { description: 'A mysterious forest with glowing crystals', content: expect.stringMatching(/\w/) },
      { description: 'A hidden cave beneath the ancient tree', content: expect.stringMatching(/\w/) },
    ],
  });
  const length = /^Complete story length: (\d+) characters$/m.exec(result.stdout)?.[1];
  const texts = saved.scenes.map(({ content }: { content: string }) => content).join('');
  expect(Number(length)).toBeGreaterThan(Array.from(texts).length);
});

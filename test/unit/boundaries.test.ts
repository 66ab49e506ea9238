import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const planted = mkdtempSync(join(root, 'shared', 'planted-'));
afterAll(() => rmSync(planted, { recursive: true, force: true }));

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { rule: { name: string } }[];
  };
}

function cruise(...folders: string[]): Cruise {
  const args = [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
  ];
  const output = execFileSync(process.execPath, [...args, '--output-type', 'json', ...folders], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output) as Cruise;
}

test('the boundary check sees the whole project', { timeout: 120_000 }, () => {
  expect(cruise('shared', 'models', 'electron', 'renderer').summary.totalCruised).toBeGreaterThan(150);
});

test('the boundary check catches a forbidden import', { timeout: 60_000 }, () => {
  mkdirSync(join(planted, 'deep'));
  writeFileSync(
    join(planted, 'deep', 'bad.ts'),
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
  );
  const names = cruise(planted.slice(root.length + 1)).summary.violations.map(({ rule }) => rule.name);
  expect(names).toContain('no-node-in-shared-or-renderer');
});

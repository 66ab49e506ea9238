import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { rule: { name: string } }[];
  };
}

/** Runs the project's own boundary check on folders of `cwd`. It exits with the number of violations, so that is no failure here. */
function cruise(cwd: string, folders: readonly string[]): Cruise {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, '--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', ...folders];
  const options = { cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(process.execPath, args, options)) as Cruise;
}

test('the boundary check sees the whole project', { timeout: 120_000 }, () => {
  expect(cruise(root, ['shared', 'models', 'electron', 'renderer']).summary.totalCruised).toBeGreaterThan(
    150,
  );
});

test('the boundary check catches a forbidden import', { timeout: 60_000 }, () => {
  const planted = mkdtempSync(join(tmpdir(), 'storyloom-boundaries-'));
  mkdirSync(join(planted, 'shared'));
  writeFileSync(join(planted, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(planted, 'shared', 'bad.ts'),
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
  );
  const names = cruise(planted, ['shared']).summary.violations.map(({ rule }) => rule.name);
  rmSync(planted, { recursive: true, force: true });
  expect(names).toContain('no-node-in-shared-or-renderer');
});

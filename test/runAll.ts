import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, findElectron, hasDisplay, hasXvfb } from './support/machine.ts';

/**
 * The one test command: checks, build, built-in models, then unit, contract, integration and end-to-end tests.
 * Where this machine lacks Electron, a browser or a display, it says what was left out; with `CI` set that is a failure.
 */
const reports = mkdtempSync(join(tmpdir(), 'storyloom-test-'));
const strict = Boolean(process.env['CI']);
let passed = 0;
let failed = 0;
const leftOut: string[] = [];

function run(title: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) console.log(`── ${title}: failed (exit ${String(status)})`);
  return status === 0;
}

function stage(title: string, command: string, args: readonly string[]): void {
  if (!run(title, command, args)) failed++;
}

const readReport = (file: string): unknown =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;

function vitest(): void {
  const file = join(reports, 'vitest.json');
  const ok = run('unit, component, contract and integration tests', 'npx', [
    'vitest',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file) as
    | { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number }
    | undefined;
  passed += report?.numPassedTests ?? 0;
  failed += report?.numFailedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  if (skipped > 0) leftOut.push(`${String(skipped)} skipped tests`);
  if (!ok && !report?.numFailedTests) failed++;
}

function endToEnd(): void {
  const projects: string[] = [];
  if (findChromium()) projects.push('browser');
  else leftOut.push('browser tests (no Chromium; set CHROMIUM_PATH)');
  if (findElectron() && (hasDisplay() || hasXvfb())) projects.push('desktop');
  else leftOut.push('desktop tests (no Electron binary, or no display and no xvfb-run)');
  if (projects.length === 0) return;

  const file = join(reports, 'playwright.json');
  const args = [
    'playwright',
    'test',
    '--config',
    'test/e2e/playwright.config.ts',
    ...projects.flatMap((name) => ['--project', name]),
  ];
  const [command, ...rest] = hasDisplay()
    ? ['npx', ...args]
    : ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24', 'npx', ...args];
  const ok = run(`end-to-end tests (${projects.join(', ')})`, command, rest, {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const stats = (readReport(file) as { stats?: Record<string, number> } | undefined)?.stats;
  passed += (stats?.['expected'] ?? 0) + (stats?.['flaky'] ?? 0);
  failed += stats?.['unexpected'] ?? 0;
  if (stats?.['skipped']) leftOut.push(`${String(stats['skipped'])} skipped end-to-end tests`);
  if (!ok && !stats?.['unexpected']) failed++;
}

stage('types, lint, boundaries, unused code', 'npm', ['run', '-s', 'check']);
stage('build', 'npm', ['run', '-s', 'build']);
stage('built-in models', 'npm', ['run', '-s', 'models', '--', '.cache/models']);
if (failed === 0) {
  vitest();
  endToEnd();
}

for (const line of leftOut) console.log(`left out: ${line}`);
if (strict && leftOut.length > 0) failed += leftOut.length;
console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;

import { defineConfig } from '@playwright/test';
import { findChromium } from '../support/machine.ts';
import type { HostOptions } from './fixtures.ts';

/** The same specs drive the desktop window and the browser page; files named `*.desktop.spec.ts` need Electron itself. */
export default defineConfig<HostOptions>({
  testDir: '.',
  outputDir: '../../test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? '../../test-results/report.json' }],
  ],
  use: {
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findChromium() ?? '', args: ['--no-sandbox'] },
  },
  projects: [
    { name: 'browser', testIgnore: '**/*.desktop.spec.ts', use: { hostedBy: 'node' } },
    { name: 'desktop', use: { hostedBy: 'electron' } },
  ],
});

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bugReport } from '#electron/services/studio/monitoring/bugReport.ts';
import { createMonitoringService } from '#electron/services/studio/monitoring/createMonitoringService.ts';
import { Routing } from '#shared/models/routing.ts';
import { defaultSettings } from '#shared/settings.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';
import { fixtureFolder } from '../support/parity.ts';
import { caveScene, collect } from '../support/writing.ts';

const routing = Routing.parse({});
let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'storyloom-monitoring-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

/** Real runs of several kinds in a real engine: written, remembered, stopped, looked at, failed. */
async function run(engine: Awaited<ReturnType<typeof startEngine>>) {
  const { inference } = engine.client;
  const write = { context: caveScene, routing, sampling: { seed: 3, maxTokens: 20 } };
  const { text } = await collect(await inference.write(write));
  await collect(await inference.write(write));
  const abort = new AbortController();
  const long = { ...write, sampling: { seed: 4, maxTokens: 3000, temperature: 1.5 } };
  await (async () => {
    for await (const event of await inference.write(long, { signal: abort.signal }))
      if (event.type === 'text') abort.abort();
  })().catch(() => undefined);
  const pixels = join(root, 'a-secret-picture.rgb');
  writeFileSync(pixels, new Uint8Array(64 * 64 * 3));
  const raster = { path: pixels, width: 64, height: 64 };
  const asked = { language: 'en' as const, question: 'Who wears the velvet cloak?', raster, routing };
  const { answer } = await inference.answer(asked);
  return { text, answer };
}

test('figures, the log and the report tell what real runs took, and nothing of what was written', async () => {
  const models = join(root, 'models');
  cpSync(await installedModels(), models, { recursive: true });
  for (const file of ['cache.sqlite', 'metrics.sqlite', 'engine.jsonl'])
    for (const end of ['', '-wal', '-shm']) rmSync(join(models, file + end), { force: true });
  cpSync(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
  await using engine = await startEngine({ models });
  const { text, answer } = await run(engine);

  const monitoring = createMonitoringService({
    engine: engine.process,
    userDataFolder: engine.userDataFolder,
    info: () => ({
      version: '0.0.1',
      host: 'browser',
      platform: 'linux',
      locale: 'en',
      storiesFolder: join(homedir(), 'Stories'),
    }),
    settings: () => ({
      ...defaultSettings,
      modelHub: 'https://mirror.example',
      storiesFolder: join(homedir(), 'Velvet Stories'),
    }),
  });
  await expect
    .poll(async () => (await monitoring.summary('hour')).tasks.find(({ task }) => task === 'write')?.outcomes)
    .toEqual({ done: 1, cached: 1, cancelled: 1, failed: 0 });
  const summary = await monitoring.summary('hour');
  const written = summary.tasks.find(({ task }) => task === 'write');
  expect(written).toMatchObject({ modelId: 'stories15m' });
  expect(written?.p50Ms).toBeGreaterThan(0);
  expect(written?.tokensPerSecond).toBeGreaterThan(0);
  expect(summary.tasks.find(({ task }) => task === 'answer')?.outcomes.done).toBe(1);
  expect(summary.now.processBytes).toBeGreaterThan(summary.now.modelBytes);
  const series = await monitoring.series('hour');
  expect(series.reduce((sum, { runs }) => sum + runs, 0)).toBe(4);
  expect((await monitoring.cache()).answers.tasks).toContainEqual(
    expect.objectContaining({ task: 'write', hits: 1 }),
  );

  const { path } = await monitoring.report();
  const report = readFileSync(path, 'utf8');
  const own = join(engine.userDataFolder, 'models');
  const files = readdirSync(own).filter((name) => /^(metrics\.sqlite|engine\.jsonl)/.test(name));
  expect(files).toContain('engine.jsonl');
  const told = [report, ...files.map((name) => readFileSync(join(own, name), 'latin1'))];
  const secrets = [
    text.trim().slice(0, 24),
    answer.slice(0, 12),
    'velvet',
    'Elara',
    'Tomas',
    'Crystal Guardian',
    'silver hair',
    'dark cave',
    'a-secret-picture',
    'mirror.example',
    homedir(),
    root,
  ].filter((secret) => secret.length > 3);
  for (const secret of secrets) for (const one of told) expect(one).not.toContain(secret);
  const lines = (JSON.parse(report) as { figures: { log: string[] } }).figures.log;
  expect(lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual([
    'done',
    'cached',
    'cancelled',
    'done',
  ]);
  expect(JSON.parse(report)).toMatchObject({
    version: '0.0.1',
    settings: { modelHub: 'set', storiesFolder: 'set' },
    ownModels: 1,
  });
});

test('a report can be written while the engine is down', async () => {
  const monitoring = createMonitoringService({
    engine: {
      status: { state: 'stopped', reason: 'it crashed' },
      get client(): never {
        throw new Error('must not be asked');
      },
    },
    userDataFolder: join(root, 'down'),
    info: () => ({ version: '0.0.1', host: 'browser', platform: 'linux', locale: 'en', storiesFolder: '' }),
    settings: () => defaultSettings,
  });
  const { path } = await monitoring.report();
  expect(existsSync(path)).toBe(true);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    models: null,
    figures: null,
    devices: null,
  });
});

test('a report names no setting that could lead to somebody', () => {
  const facts = {
    at: '2026-01-01T00:00:00.000Z',
    version: '1',
    host: 'desktop' as const,
    platform: 'linux',
    versions: { node: '24', secret: 'x' },
    memoryBytes: 1,
    processors: 1,
    settings: defaultSettings,
    devices: null,
    models: null,
    figures: null,
    engineLog: [],
  };
  const report = bugReport(facts);
  expect(report.settings).toMatchObject({ modelHub: '', storiesFolder: '', theme: 'system' });
  expect(JSON.stringify(report)).not.toContain('secret');
});

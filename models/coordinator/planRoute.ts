import type { Capability } from '#shared/models/capability.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { RouteReason, Routing, TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';
import { familyStrengths } from './familyStrengths.ts';

export interface RouteRequest {
  readonly task: TaskKind;
  readonly capability: Capability;
  readonly language: Language;
  readonly routing: Routing;
  /** What else a model must be, the chosen one too. */
  readonly suits?: (entry: ModelEntry) => boolean;
}

/** Kinds of sources whose models answer from another machine. */
const remoteKinds: ReadonlySet<string> = new Set(['remote']);

/** Whether a model sends away what it is asked. */
export const isRemote = ({ manifest }: ModelEntry): boolean => remoteKinds.has(manifest.source.kind);

export const speaks = ({ manifest }: ModelEntry, language: Language): boolean =>
  manifest.languages.includes(language);

/** Stories are written by models that say how; a captioner generates text as well, and none that anybody would read. */
export const can = ({ manifest }: ModelEntry, capability: Capability): boolean =>
  manifest.capabilities[capability] && (capability !== 'text_generation' || manifest.writing !== undefined);

/** Whether a model can do a task. What sees and writes describes pictures, even where it answers no questions. */
const does = (entry: ModelEntry, { task, capability }: RouteRequest): boolean =>
  can(entry, capability) || (task === 'describe' && captions(entry));

const captions = ({ manifest: { capabilities } }: ModelEntry): boolean =>
  Boolean(capabilities.image_encoding && capabilities.text_generation);

const isReady = ({ status }: ModelEntry): boolean =>
  status.state === 'failed' ? status.installed : status.state !== 'absent' && status.state !== 'installing';

const isWarm = ({ status }: ModelEntry): boolean => status.state === 'loaded' || status.state === 'loading';

/** How badly a model fits this machine: 0 well, 1 only against the limits that the writer set, 2 not at all. */
function misfit(entry: ModelEntry): 0 | 1 | 2 {
  const installed = entry.variants.filter((variant) => variant.installed);
  if (isWarm(entry) || installed.length === 0) return 0;
  if (installed.some(({ fit }) => fit.verdict !== 'too-big')) return 0;
  return installed.some(({ fit }) => !fit.lethal) ? 1 : 2;
}

/** What decides between two models, the weightiest first: the smaller number goes first. */
interface Criterion {
  rank(entry: ModelEntry, request: RouteRequest): number;
  /** What to tell of a model that went before others because of it. */
  reason(entry: ModelEntry, request: RouteRequest, beaten: readonly ModelEntry[]): RouteReason;
}

const weightOf = ({ manifest }: ModelEntry, { routing }: RouteRequest) => routing.weights[manifest.id];

const criteria: readonly Criterion[] = [
  {
    rank: ({ manifest }, { routing }) => (manifest.id === routing.chosen ? 0 : 1),
    reason: () => ({ kind: 'chosen' }),
  },
  { rank: (entry) => Number(isRemote(entry)), reason: () => ({ kind: 'local' }) },
  { rank: misfit, reason: () => ({ kind: 'fits' }) },
  {
    rank: (entry, request) => -(weightOf(entry, request)?.value ?? 0),
    reason(entry, request, beaten) {
      const own = weightOf(entry, request);
      // One that nobody voted on goes first because of what was said about the others.
      const told = own ? [own] : beaten.flatMap((other) => weightOf(other, request) ?? []);
      if (told.some(({ manual }) => manual)) return { kind: 'manual' };
      return { kind: 'votes', votes: told.reduce((sum, { votes }) => sum + votes, 0) };
    },
  },
  {
    rank: ({ manifest }, { task, language }) =>
      familyStrengths[task][language].includes(manifest.family) ? 0 : 1,
    reason: (_, { task }) => ({ kind: 'style', task }),
  },
  { rank: ({ status }) => Number(status.state === 'failed'), reason: () => ({ kind: 'works' }) },
  { rank: (entry) => Number(!isWarm(entry)), reason: () => ({ kind: 'warm' }) },
];

/** What decides between two models; `undefined` where nothing does but their order. */
const decisive = (a: ModelEntry, b: ModelEntry, request: RouteRequest): Criterion | undefined =>
  criteria.find(({ rank }) => rank(a, request) !== rank(b, request));

/** Models that could be asked if their language and size were no matter. */
const ready = (entries: readonly ModelEntry[], request: RouteRequest): ModelEntry[] =>
  entries
    .filter((entry) => does(entry, request) && isReady(entry))
    .filter(request.suits ?? (() => true))
    .filter((entry) => request.routing.remoteAllowed || !isRemote(entry));

const isAllowed = (entry: ModelEntry, { language, routing }: RouteRequest): boolean =>
  entry.manifest.id === routing.chosen || (speaks(entry, language) && misfit(entry) < 2);

/**
 * Installed models that may do a task, in the order in which to try them: the writer's choice whatever its language, then
 * models of the language, those of this machine first, by what the writer thinks of them, by what their family is good at,
 * warm before cold, otherwise in the catalogue's order. Models of other machines only with consent.
 */
export function planRoute(entries: readonly ModelEntry[], request: RouteRequest): ModelId[] {
  return ready(entries, request)
    .filter((entry) => isAllowed(entry, request))
    .toSorted((a, b) => {
      const criterion = decisive(a, b, request);
      return criterion ? criterion.rank(a, request) - criterion.rank(b, request) : 0;
    })
    .map(({ manifest }) => manifest.id);
}

/** Why a model stands before the others that could be asked, the weightiest reason first; each kind once. */
export function explainRoute(
  entries: readonly ModelEntry[],
  request: RouteRequest,
  modelId: ModelId,
): RouteReason[] {
  const candidates = ready(entries, request);
  const model = candidates.find(({ manifest }) => manifest.id === modelId);
  if (!model) return [];
  if (modelId === request.routing.chosen) return [{ kind: 'chosen' }];
  const others = candidates.filter((entry) => entry !== model);
  if (others.length === 0) return [{ kind: 'only' }];
  const [allowed, excluded] = [
    others.filter((entry) => isAllowed(entry, request)),
    others.filter((entry) => !isAllowed(entry, request)),
  ];
  const reasons: RouteReason[] = [];
  if (excluded.some((entry) => !speaks(entry, request.language)))
    reasons.push({ kind: 'language', language: request.language });
  for (const criterion of criteria) {
    const beaten = allowed.filter(
      (entry) =>
        decisive(model, entry, request) === criterion &&
        criterion.rank(model, request) < criterion.rank(entry, request),
    );
    if (beaten.length > 0) reasons.push(criterion.reason(model, request, beaten));
  }
  const outgrown = excluded.some((entry) => speaks(entry, request.language));
  if (outgrown && !reasons.some(({ kind }) => kind === 'fits')) reasons.push({ kind: 'fits' });
  return reasons;
}

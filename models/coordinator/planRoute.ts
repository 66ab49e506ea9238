import type { Capability } from '#shared/models/capability.ts';
import type { ModelFamily, ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry, Obstacle } from '#shared/models/modelState.ts';
import type { Language } from '#shared/story/scene.ts';

export interface RouteRequest {
  readonly capability: Capability;
  readonly language: Language;
  /** What the writer asked for. */
  readonly chosen: ModelId | null;
  /** What else a model must be, the chosen one too. */
  readonly suits?: (entry: ModelEntry) => boolean;
  /** Models with a smaller number are tried first, warm or cold; the chosen one before all. */
  readonly reluctance?: (entry: ModelEntry) => number;
}

/** Families that can do a task once one of their models is installed, by the task's capability. */
const familiesFor: Readonly<Partial<Record<Capability, readonly ModelFamily[]>>> = {
  question_answering: ['blip2', 'llava', 'qwenvl', 'smolvlm'],
};

const speaks = ({ manifest }: ModelEntry, language: Language): boolean =>
  manifest.languages.includes(language);

const isReady = ({ status }: ModelEntry): boolean =>
  status.state !== 'absent' && status.state !== 'installing';

const isWarm = ({ status }: ModelEntry): boolean => status.state === 'loaded' || status.state === 'loading';

/** Stories are written by models that say how; a captioner generates text as well, and none that anybody would read. */
const can = ({ manifest }: ModelEntry, capability: Capability): boolean =>
  manifest.capabilities[capability] && (capability !== 'text_generation' || manifest.writing !== undefined);

const canBeHad = (obstacle: Obstacle | null): boolean => obstacle === null || obstacle === 'needs-export';

const effort = ({ manifest }: ModelEntry): number =>
  ({ npm: 0, folder: 0, hub: 1, export: 2 })[manifest.source.kind];

const maxHints = 3;

/**
 * Installed models that may do a task, in the order in which to try them: the writer's choice whatever its language, then
 * models of the language, warm before cold, otherwise in the catalogue's order.
 */
export function planRoute(entries: readonly ModelEntry[], request: RouteRequest): ModelId[] {
  const { suits = () => true, reluctance = () => 0 } = request;
  const rank = (entry: ModelEntry): number => {
    if (entry.manifest.id === request.chosen) return Number.NEGATIVE_INFINITY;
    return 2 * reluctance(entry) + Number(!isWarm(entry));
  };
  return entries
    .filter((entry) => can(entry, request.capability))
    .filter(isReady)
    .filter(suits)
    .filter((entry) => entry.manifest.id === request.chosen || speaks(entry, request.language))
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ manifest }) => manifest.id);
}

/**
 * What to install so that a task can be done, three models at most: those that can be had from here first, then those
 * that must be converted; the families that will do it where there are none.
 */
export function installHints(
  entries: readonly ModelEntry[],
  { capability, language }: Pick<RouteRequest, 'capability' | 'language'>,
): string[] {
  const models = entries
    .filter((entry) => can(entry, capability) && speaks(entry, language))
    .filter(({ status }) => status.state !== 'absent' || canBeHad(status.obstacle))
    .toSorted((a, b) => effort(a) - effort(b))
    .slice(0, maxHints)
    .map(({ manifest }) => manifest.id);
  return models.length > 0 ? models : [...(familiesFor[capability] ?? [])];
}

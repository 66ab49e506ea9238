import type { Capability } from '#shared/models/capability.ts';
import type { ModelFamily } from '#shared/models/manifest.ts';
import type { ModelEntry, Obstacle } from '#shared/models/modelState.ts';
import { can, type RouteRequest, speaks } from './planRoute.ts';

/** Families that can do a task once one of their models is installed, by the task's capability. */
const familiesFor: Readonly<Partial<Record<Capability, readonly ModelFamily[]>>> = {
  question_answering: ['blip2', 'llava', 'qwenvl', 'smolvlm'],
};

const canBeHad = (obstacle: Obstacle | null): boolean => obstacle === null || obstacle === 'needs-export';

const effort = ({ manifest }: ModelEntry): number =>
  ({ npm: 0, folder: 0, hub: 1, export: 2 })[manifest.source.kind];

const maxHints = 3;

/**
 * What to install so that a task can be done, three models at most: those that can be had from here first, then those
 * that must be converted; the families that will do it where there are none.
 */
export function installHints(
  entries: readonly ModelEntry[],
  { capability, language, suits = () => true }: Pick<RouteRequest, 'capability' | 'language' | 'suits'>,
): string[] {
  const models = entries
    .filter((entry) => can(entry, capability) && speaks(entry, language) && suits(entry))
    .filter(({ status }) => status.state !== 'absent' || canBeHad(status.obstacle))
    .toSorted((a, b) => effort(a) - effort(b))
    .slice(0, maxHints)
    .map(({ manifest }) => manifest.id);
  return models.length > 0 ? models : [...(familiesFor[capability] ?? [])];
}

import type { ModelId } from '#shared/models/modelId.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Settings } from '#shared/settings.ts';

/** A machine that does not feel it. */
const enoughMemoryBytes = 15 * 1024 ** 3;
const enoughProcessors = 8;

export interface Machine {
  readonly memoryBytes: number;
  readonly processors: number;
}

/** Whether models are made ready before they are asked: as the writer wants it, otherwise on larger machines alone. */
export const warmsUp = (setting: Settings['warmUp'], { memoryBytes, processors }: Machine): boolean =>
  setting === 'auto' ? memoryBytes >= enoughMemoryBytes && processors >= enoughProcessors : setting === 'on';

/**
 * The models to load, of those that will be asked soon: installed, at rest, and sure to fit beside the others in the
 * budget, so that none has to give way to a guess.
 */
export function planWarmUp(
  entries: readonly ModelEntry[],
  soon: readonly (ModelId | null)[],
  budgetBytes: number,
): ModelId[] {
  let held = entries.reduce(
    (sum, { status }) => sum + (status.state === 'loaded' ? status.residentBytes : 0),
    0,
  );
  return [...new Set(soon)].flatMap((modelId) => {
    const entry = entries.find(({ manifest }) => manifest.id === modelId);
    const fit = entry?.variants.find(
      ({ precision, installed }) => installed && precision === entry.suggested,
    )?.fit;
    if (entry?.status.state !== 'installed' || fit?.verdict !== 'fits') return [];
    if (held + fit.neededBytes > budgetBytes) return [];
    held += fit.neededBytes;
    return [entry.manifest.id];
  });
}

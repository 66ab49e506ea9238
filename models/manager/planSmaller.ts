import type { Device } from '#shared/models/devices.ts';
import type { ModelVariant, Precision } from '#shared/models/manifest.ts';

/** How something was tried that ran out of memory. */
export interface Attempt {
  /** Items computed together. */
  readonly batch: number;
  readonly device: Device;
  readonly precision: Precision;
}

/** What to do next. `ask`: nothing smaller is left, the writer must free memory or take another model. */
export type NextAttempt =
  | { readonly kind: 'smaller-batch'; readonly attempt: Attempt }
  | { readonly kind: 'cpu'; readonly attempt: Attempt }
  | { readonly kind: 'smaller-variant'; readonly attempt: Attempt }
  | { readonly kind: 'ask' };

const neededBytes = (variant: ModelVariant): number =>
  variant.memoryBytes + variant.cacheBytes + variant.workingBytes;

/**
 * The next rung after memory ran out: half the batch, then the processor, then the best of the installed variants that
 * needs less. Every rung is smaller than the one before, so that a ladder always ends.
 */
export function planSmaller(attempt: Attempt, installed: readonly ModelVariant[]): NextAttempt {
  const { batch, device, precision } = attempt;
  if (batch > 1) return { kind: 'smaller-batch', attempt: { ...attempt, batch: Math.floor(batch / 2) } };
  if (device !== 'cpu') return { kind: 'cpu', attempt: { ...attempt, device: 'cpu' } };
  const present = installed.find((variant) => variant.precision === precision);
  const [next] = installed
    .filter((variant) => present !== undefined && neededBytes(variant) < neededBytes(present))
    .toSorted((a, b) => neededBytes(b) - neededBytes(a));
  if (next) return { kind: 'smaller-variant', attempt: { ...attempt, precision: next.precision } };
  return { kind: 'ask' };
}

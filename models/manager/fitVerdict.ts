import type { ModelVariant, Precision } from '#shared/models/manifest.ts';
import type { FitVerdict } from '#shared/models/modelState.ts';

/** What a verdict is about: the machine as it is now. */
export interface Machine {
  /** Memory that can be had now, what idle models would give back included. */
  readonly freeBytes: number;
  /** What loaded models may hold together, less what is held by models in use. */
  readonly budgetBytes: number;
  /** The smallest weight that this kind of process cannot hold in one piece. */
  readonly largestAllocationBytes: number;
}

/** Above these shares of the budget and of the free memory a model is a tight fit. */
const tightShare = { budget: 0.9, free: 0.75 } as const;

type Needs = Pick<ModelVariant, 'memoryBytes' | 'cacheBytes' | 'workingBytes' | 'largestTensorBytes'>;

/**
 * Whether a variant can be held, with its sum. Over the budget is the writer's decision; over the free memory, or with a
 * tensor that this process cannot allocate, loading could only end the process: `lethal`.
 */
export function fitVerdict(variant: Needs, machine: Machine): FitVerdict {
  const neededBytes = variant.memoryBytes + variant.cacheBytes + variant.workingBytes;
  return {
    ...judge(neededBytes, variant.largestTensorBytes ?? 0, machine),
    weightsBytes: variant.memoryBytes,
    cacheBytes: variant.cacheBytes,
    workingBytes: variant.workingBytes,
    neededBytes,
    freeBytes: machine.freeBytes,
    budgetBytes: machine.budgetBytes,
  };
}

function judge(
  needed: number,
  largestTensor: number,
  { freeBytes, budgetBytes, largestAllocationBytes }: Machine,
): Pick<FitVerdict, 'verdict' | 'lethal' | 'reason'> {
  if (largestTensor >= largestAllocationBytes)
    return { verdict: 'too-big', lethal: true, reason: 'tensor-too-large' };
  if (needed > freeBytes) return { verdict: 'too-big', lethal: true, reason: 'over-free-memory' };
  if (needed > budgetBytes) return { verdict: 'too-big', lethal: false, reason: 'over-budget' };
  if (needed > tightShare.free * freeBytes)
    return { verdict: 'tight', lethal: false, reason: 'near-free-memory' };
  if (needed > tightShare.budget * budgetBytes)
    return { verdict: 'tight', lethal: false, reason: 'near-budget' };
  return { verdict: 'fits', lethal: false, reason: 'none' };
}

/** The best variant that fits, else the best that is a tight fit, else the smallest. Variants come best first. */
export function suggestVariant(variants: readonly ModelVariant[], machine: Machine): Precision {
  const judged = variants.map((variant) => ({ variant, fit: fitVerdict(variant, machine) }));
  const best = (verdict: FitVerdict['verdict']) => judged.find(({ fit }) => fit.verdict === verdict);
  const smallest = judged.toSorted((a, b) => a.fit.neededBytes - b.fit.neededBytes)[0];
  const chosen = best('fits') ?? best('tight') ?? smallest;
  if (!chosen) throw new RangeError('a model has at least one variant');
  return chosen.variant.precision;
}

/** What is known of a process's memory at one moment. */
export interface MemoryFacts {
  readonly atMs: number;
  /** Memory of its own: what other processes or files give back is not counted. */
  readonly usedBytes: number;
  /** Memory that the machine still has; `null` where it does not tell honestly. */
  readonly freeBytes: number | null;
  /** What the writer allows models to hold together. */
  readonly budgetBytes: number;
  /** What models may take by the sums that they were let in with; above the budget where the writer said "anyway". */
  readonly heldBytes: number;
  /** Weights that are being opened, and are in memory twice meanwhile. */
  readonly loadingBytes: number;
}

export interface MemoryPolicy {
  /** What the process takes without any model, with its caches of vectors and pictures. */
  readonly bareBytes: number;
  /** How much of the budget may be taken at most, with what the sums cannot foresee. */
  readonly overShare: number;
  /** How long too much memory is watched, and how long a release may take. */
  readonly patienceMs: number;
  /** The machine keeps this much. */
  readonly reserveBytes: number;
}

/** Too much memory: since when, and when the process was asked to give back what nobody uses. */
export interface MemoryTrouble {
  readonly sinceMs: number;
  readonly askedAtMs: number | null;
}

/** `budget`: more than the writer allows. `machine`: the machine itself is running out. */
export type MemoryCause = 'budget' | 'machine';

export type MemoryStep =
  | { readonly kind: 'fine' }
  | { readonly kind: 'watch' | 'release'; readonly trouble: MemoryTrouble }
  | { readonly kind: 'end'; readonly cause: MemoryCause; readonly limitBytes: number };

/**
 * What to do about a process's memory. More than it may take for some time: it is asked to release idle models, and ended
 * where that does not help. A machine that runs out is not watched first. A load that stays inside its sum is never
 * ended, nor a process whose end would not help the machine.
 */
export function planMemory(
  facts: MemoryFacts,
  trouble: MemoryTrouble | null,
  policy: MemoryPolicy,
): MemoryStep {
  const { atMs, usedBytes, freeBytes, budgetBytes, heldBytes, loadingBytes } = facts;
  const limitBytes = policy.bareBytes + policy.overShare * Math.max(budgetBytes, heldBytes) + loadingBytes;
  const isOver = usedBytes > limitBytes;
  const isRunningOut =
    freeBytes !== null &&
    freeBytes < policy.reserveBytes &&
    loadingBytes === 0 &&
    usedBytes - policy.bareBytes > policy.reserveBytes;
  if (!isOver && !isRunningOut) return { kind: 'fine' };
  const { sinceMs, askedAtMs } = trouble ?? { sinceMs: atMs, askedAtMs: null };
  if (askedAtMs === null) {
    const isTime = isRunningOut || atMs - sinceMs >= policy.patienceMs;
    return isTime
      ? { kind: 'release', trouble: { sinceMs, askedAtMs: atMs } }
      : { kind: 'watch', trouble: { sinceMs, askedAtMs } };
  }
  if (atMs - askedAtMs < policy.patienceMs) return { kind: 'watch', trouble: { sinceMs, askedAtMs } };
  return { kind: 'end', cause: isOver ? 'budget' : 'machine', limitBytes };
}

export interface RestartPolicy {
  /** Waiting time after the first, second, … crash of the last hour; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** This many crashes inside `windowMs` end the attempts. */
  readonly maxCrashes: number;
  readonly windowMs: number;
}

export const defaultRestartPolicy: RestartPolicy = {
  backoffMs: [500, 2000, 8000],
  maxCrashes: 3,
  windowMs: 5 * 60_000,
};

export type RestartPlan = { readonly kind: 'restart'; readonly delayMs: number } | { readonly kind: 'stop' };

const memoryMs = 60 * 60_000;

/** What to do after the crash at `now`, the last of `crashedAt` (milliseconds, ascending). */
export function planRestart(crashedAt: readonly number[], now: number, policy: RestartPolicy): RestartPlan {
  if (crashedAt.filter((at) => now - at < policy.windowMs).length >= policy.maxCrashes)
    return { kind: 'stop' };
  const remembered = crashedAt.filter((at) => now - at < memoryMs).length;
  const index = Math.min(Math.max(remembered, 1), policy.backoffMs.length) - 1;
  return { kind: 'restart', delayMs: policy.backoffMs[index] ?? 0 };
}

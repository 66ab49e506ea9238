import { type ErrorCode, errorTraits } from '#shared/errors/AppError.ts';

/** How an item failed, and how often before. */
export interface Failure {
  readonly code: ErrorCode;
  /** Runs that failed, this one included. */
  readonly attempts: number;
  /** Runs in which a process ended or was ended for not answering, this one included. */
  readonly deaths: number;
}

/**
 * `leave`: as if it had not been tried. `hold`: every other item of the job would fail the same way, so the job stands
 * still until that changes.
 */
export type RetryPlan =
  | { readonly kind: 'leave' }
  | { readonly kind: 'again'; readonly delayMs: number }
  | { readonly kind: 'fail'; readonly code: ErrorCode }
  | { readonly kind: 'hold' };

/** Waiting time after the first, second, … failure; one more is the last. */
const backoffMs = [2000, 10_000, 60_000];
const maxDeaths = 2;

const deadly: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  'engine/crashed': 'engine/quarantined',
  'engine/timeout': 'engine/quarantined',
  'imaging/crashed': 'imaging/crashed',
  'image/timeout': 'image/timeout',
};

const aboutEveryItem: ReadonlySet<ErrorCode> = new Set([
  'engine/stopped',
  'imaging/stopped',
  'task/no-route',
  'task/ai-disabled',
  'project/read-only',
]);

/** Whether a process died or hung while an item was being done. */
export const isDeath = (code: ErrorCode): boolean => code in deadly;

/** What becomes of an item that failed. One that ended a process twice is not tried a third time. */
export function planRetry({ code, attempts, deaths }: Failure): RetryPlan {
  if (code === 'project/closed') return { kind: 'leave' };
  if (aboutEveryItem.has(code)) return { kind: 'hold' };
  const asPoison = deadly[code];
  if (asPoison !== undefined && deaths >= maxDeaths) return { kind: 'fail', code: asPoison };
  const delayMs = backoffMs[attempts - 1];
  return errorTraits[code].retryable && delayMs !== undefined
    ? { kind: 'again', delayMs }
    : { kind: 'fail', code };
}

import type { ErrorCode } from '#shared/errors/AppError.ts';

/** What the command line's exit status says. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, modelNeeded: 3, stopped: 130 } as const;

export function exitCodeOf(code: ErrorCode): number {
  if (code === 'task/cancelled') return exitCodes.stopped;
  if (code === 'input/invalid') return exitCodes.usage;
  if (code === 'task/no-route' || code === 'model/not-installed') return exitCodes.modelNeeded;
  return exitCodes.failed;
}

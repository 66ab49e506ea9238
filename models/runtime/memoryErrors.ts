import { AppError } from '#shared/errors/AppError.ts';

/** How the runtime, its devices and the language itself say that there is no memory left. */
const words =
  /bad_alloc|failed to allocate|out of memory|allocation failed|OUT_OF_(HOST|DEVICE)_MEMORY|E_OUTOFMEMORY|8007000E/i;

/** Whether something went wrong for want of memory, so that a smaller attempt may succeed. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'model/out-of-memory';
  return words.test(error instanceof Error ? error.message : String(error));
}

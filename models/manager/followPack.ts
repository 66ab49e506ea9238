import { AppError } from '#shared/errors/AppError.ts';
import type { ModelEntry, PackEvent } from '#shared/models/modelState.ts';
import { Changes } from './Changes.ts';
import type { PackOptions } from './packs.ts';

/** Events of one pack, at most: enough for a bar that moves. */
const mostEvents = 200;

/** Follows the work on a pack to its end; it is cancelled when nobody follows it any more. Errors: those of the work, task/cancelled. */
export async function* followPack(
  work: (options: PackOptions) => Promise<ModelEntry>,
  signal: AbortSignal,
): AsyncGenerator<PackEvent> {
  const changes = new Changes();
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  let [doneBytes, totalBytes, toldBytes, ended] = [0, 0, 0, false];
  const result = work({
    signal: both,
    onTotal: (bytes) => {
      totalBytes = bytes;
    },
    onBytes: (bytes) => {
      doneBytes = Math.min(totalBytes, doneBytes + bytes);
      if (doneBytes - toldBytes < totalBytes / mostEvents) return;
      toldBytes = doneBytes;
      changes.notify();
    },
  })
    .catch((error: unknown) => {
      throw both.aborted ? new AppError('task/cancelled', 'Cancelled', { cause: error }) : error;
    })
    .finally(() => {
      ended = true;
      changes.notify();
    });
  result.catch(() => undefined);
  try {
    for await (const _ of changes.watch(signal)) {
      if (ended) break;
      yield { type: 'progress', doneBytes, totalBytes };
    }
    yield { type: 'done', entry: await result };
  } finally {
    left.abort();
    await result.catch(() => undefined);
  }
}

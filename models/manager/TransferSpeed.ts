import type { ModelState } from '#shared/models/modelState.ts';

/** How far an installation is; `progress` is 0…1 within the phase. */
export type InstallProgress = Omit<Extract<ModelState, { state: 'installing' }>, 'state' | 'precision'>;

/** What a writer wants to know of a transfer on its way. */
export interface TransferFacts {
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly remainingSeconds: number | null;
}

/** Speed over the last seconds, so that a stall shows and an old burst does not. */
const windowMs = 5000;

/** Works out the speed and the remaining time of a transfer from how much has arrived when. */
export class TransferSpeed {
  readonly #now: () => number;
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  at(receivedBytes: number, totalBytes: number | null): TransferFacts {
    const now = this.#now();
    this.#samples.push({ at: now, bytes: receivedBytes });
    const recent = this.#samples.findIndex(({ at }) => now - at <= windowMs);
    this.#samples = this.#samples.slice(Math.max(0, recent - 1));
    const [first] = this.#samples;
    const elapsedMs = first ? now - first.at : 0;
    const moved = first ? receivedBytes - first.bytes : 0;
    const bytesPerSecond = elapsedMs < 200 ? null : Math.max(0, (moved * 1000) / elapsedMs);
    const left = totalBytes === null ? null : Math.max(0, totalBytes - receivedBytes);
    return {
      receivedBytes,
      totalBytes,
      bytesPerSecond,
      remainingSeconds: left === null || !bytesPerSecond ? null : left / bytesPerSecond,
    };
  }
}

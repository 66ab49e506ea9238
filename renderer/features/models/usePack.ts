import { useEffect, useRef, useState } from 'react';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelEntry, PackEvent } from '#shared/models/modelState.ts';

/** A pack on its way; `progress` is 0…1, `null` while nothing is on its way. */
export interface PackWork {
  readonly progress: number | null;
  readonly error: AppError | null;
  /** Follows a pack to its end; `null` where it failed or was stopped. */
  run(start: (signal: AbortSignal) => Promise<AsyncIterable<PackEvent>>): Promise<ModelEntry | null>;
  stop(): void;
}

/** One pack at a time, for a dialog: when the dialog goes away, so does the work. */
export function usePack(): PackWork {
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  return {
    progress,
    error,
    stop: () => abort.current?.abort(),
    async run(start) {
      if (progress !== null) return null;
      const controller = new AbortController();
      const { signal } = controller;
      abort.current = controller;
      setError(null);
      setProgress(0);
      try {
        for await (const event of await start(signal)) {
          if (event.type === 'done') return event.entry;
          setProgress(event.totalBytes === 0 ? 0 : event.doneBytes / event.totalBytes);
        }
        return null;
      } catch (thrown) {
        if (!signal.aborted) setError(AppError.from(thrown));
        return null;
      } finally {
        setProgress(null);
      }
    },
  };
}

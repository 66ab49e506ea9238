import { useRef, useState } from 'react';
import { AppError } from '#shared/errors/AppError.ts';
import type { IndexEvent } from '#shared/models/task.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { flushStory, openStory } from '../../stores/storyStore.ts';

type IndexInput = Parameters<typeof client.tasks.indexPictures>[0];

export interface Looking<Result> {
  readonly isBusy: boolean;
  /** How far looking at the pictures is; `null` where none had to be looked at. */
  readonly progress: IndexEvent | null;
  readonly result: Result | null;
  readonly error: AppError | null;
  /** Has the pictures looked at that need it, then asks. */
  run(pool: readonly ImageId[] | null, about: Pick<IndexInput, 'scene' | 'words'>): Promise<void>;
  /** What was looked at stays. */
  stop(): void;
}

/** A question about pictures that may have to be looked at first: progress, stop, answer or error. */
export function useLooking<Result>(
  ask: (sessionId: IndexInput['sessionId'], signal: AbortSignal) => Promise<Result>,
): Looking<Result> {
  const [progress, setProgress] = useState<IndexEvent | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const abort = useRef<AbortController | null>(null);

  const run: Looking<Result>['run'] = async (pool, about) => {
    if (abort.current) return;
    const controller = new AbortController();
    const { signal } = controller;
    abort.current = controller;
    setBusy(true);
    setError(null);
    setProgress(null);
    try {
      await flushStory();
      const { sessionId } = openStory();
      const request = { sessionId, pool: pool && [...pool], ...about };
      for await (const event of await client.tasks.indexPictures(request, { signal })) {
        if (event.total > 0) setProgress(event);
      }
      setResult(await ask(sessionId, signal));
    } catch (thrown) {
      if (!signal.aborted) {
        setResult(null);
        setError(AppError.from(thrown));
      }
    } finally {
      abort.current = null;
      setBusy(false);
    }
  };
  return { isBusy, progress, result, error, run, stop: () => abort.current?.abort() };
}

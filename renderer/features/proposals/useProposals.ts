import { useEffect, useRef, useState } from 'react';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { wholeLines } from '#shared/text/proposals/proposals.ts';
import { client } from '../../api/client.ts';
import { flushStory, openStory } from '../../stores/storyStore.ts';

export interface Proposals {
  /** What the model wrote so far, or in the end without what broke off. */
  readonly answer: string;
  readonly isRunning: boolean;
  readonly isDone: boolean;
  readonly loading: ModelId | null;
  readonly error: AppError | null;
  propose(instruction: string): Promise<void>;
  stop(): void;
}

/** Has titles or characters proposed for the open story; leaving the dialog stops it. */
export function useProposals(purpose: 'title' | 'characters'): Proposals {
  const [answer, setAnswer] = useState('');
  const [isRunning, setRunning] = useState(false);
  const [isDone, setDone] = useState(false);
  const [loading, setLoading] = useState<ModelId | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const propose = async (instruction: string) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setRunning(true);
    setDone(false);
    setError(null);
    // The studio begins the list: a model keeps to a form that has begun.
    let text = '1.';
    setAnswer('');
    try {
      await flushStory();
      const { sessionId, story } = openStory();
      const events = await client.tasks.compose(
        {
          sessionId,
          purpose,
          language: story.language,
          sceneId: null,
          instruction,
          source: '',
          modelId: null,
          sampling: {},
        },
        { signal: own.signal },
      );
      for await (const event of events) {
        if (event.type === 'loading') setLoading(event.modelId);
        else if (event.type === 'text') {
          text += event.text;
          setLoading(null);
          setAnswer(text);
        } else if (event.type === 'done') setAnswer(wholeLines(text, event.finish === 'length'));
      }
    } catch (thrown) {
      const failure = AppError.from(thrown);
      if (!own.signal.aborted && failure.code !== 'task/cancelled') setError(failure);
    } finally {
      if (running.current === own) {
        running.current = null;
        setRunning(false);
        setLoading(null);
        setDone(true);
      }
    }
  };
  return { answer, isRunning, isDone, loading, error, propose, stop: () => running.current?.abort() };
}

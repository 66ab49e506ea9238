import { create } from 'zustand';
import type { Finding } from '#shared/consistency/findings.ts';
import type { CheckEvent } from '#shared/contract/consistency.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { flushStory, openStory } from '../../stores/storyStore.ts';

type Done = Extract<CheckEvent, { type: 'done' }>;

export interface CheckState {
  /** The story that the findings are about. */
  readonly sessionId: SessionId | null;
  readonly sceneId: SceneId | null;
  readonly findings: readonly Finding[];
  readonly progress: {
    readonly step: 'reading' | 'looking';
    readonly done: number;
    readonly total: number;
  } | null;
  readonly isRunning: boolean;
  readonly done: Omit<Done, 'type' | 'findings'> | null;
  readonly error: AppError | null;
}

const initial: CheckState = {
  sessionId: null,
  sceneId: null,
  findings: [],
  progress: null,
  isRunning: false,
  done: null,
  error: null,
};

/** The last check and what it found; stays while the dialog is closed, so that a place can be looked at in between. */
export const useCheck = create<CheckState>(() => initial);

let running: AbortController | null = null;

/** Stops the check; what was found so far stays. */
export function stopCheck(): void {
  running?.abort();
  running = null;
  useCheck.setState({ isRunning: false, progress: null });
}

/** Checks the story or a scene; a second check ends the first. `keep` findings that this run cannot find again stay. */
export async function runCheck(
  options: { readonly sceneId: SceneId | null; readonly pictures: boolean },
  keep: readonly Finding[] = [],
): Promise<void> {
  running?.abort();
  const controller = new AbortController();
  running = controller;
  const isCurrent = () => running === controller;
  try {
    await flushStory();
    const { sessionId } = openStory();
    const merged = (found: readonly Finding[]) => [
      ...found,
      ...keep.filter(({ id }) => !found.some((other) => other.id === id)),
    ];
    useCheck.setState((now) => ({
      ...initial,
      sessionId,
      sceneId: options.sceneId,
      findings: now.sessionId === sessionId && now.sceneId === options.sceneId ? now.findings : [],
      isRunning: true,
    }));
    const events = await client.consistency.check({ sessionId, ...options }, { signal: controller.signal });
    for await (const event of events) {
      if (!isCurrent()) return;
      if (event.type === 'findings') useCheck.setState({ findings: merged(event.findings) });
      else if (event.type === 'done') {
        const { type: _type, findings, ...done } = event;
        useCheck.setState({ findings: merged(findings), done });
      } else useCheck.setState({ progress: { step: event.type, done: event.done, total: event.total } });
    }
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (isCurrent() && error.code !== 'task/cancelled') useCheck.setState({ error });
  } finally {
    if (isCurrent()) {
      running = null;
      useCheck.setState({ isRunning: false, progress: null });
    }
  }
}

/** Checks again after a decision or a change: texts anew, what models said of pictures kept. */
export async function checkAfter(settled: (finding: Finding) => boolean): Promise<void> {
  const { findings, sceneId } = useCheck.getState();
  const left = findings.filter((finding) => !settled(finding));
  useCheck.setState({ findings: left });
  await runCheck(
    { sceneId, pictures: false },
    left.filter(({ source }) => source !== 'text'),
  );
}

import { create } from 'zustand';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Job, JobDecision, JobId, JobItem, JobOrder, JobPriority } from '#shared/models/job.ts';
import { client } from '../api/client.ts';
import { tellError } from './notices.ts';
import { flushStory, openStory } from './storyStore.ts';

/** Jobs of this computer as the studio told them last, the oldest first. */
export const useJobs = create<{ jobs: readonly Job[] }>(() => ({ jobs: [] }));

/** A story is on the desk before its jobs go on. */
const afterMs = 2000;
const retryMs = 2000;
const pageItems = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function watch(sessionId: SessionId, signal: AbortSignal): Promise<void> {
  for (let pauseMs = afterMs; ; pauseMs = retryMs) {
    await pause(pauseMs);
    if (signal.aborted) return;
    try {
      for await (const jobs of await client.jobs.watch({ sessionId }, { signal })) useJobs.setState({ jobs });
    } catch {
      // The connection is shown elsewhere; a story that was closed is left by its own window.
    }
  }
}

/** Follows the jobs and lets those of this story run; the returned function ends that. */
export function followJobs(sessionId: SessionId): () => void {
  const abort = new AbortController();
  void watch(sessionId, abort.signal);
  return () => abort.abort();
}

/** Begins a job in the open story; without `items` with all that needs it. Errors: jobs/*, project/*. */
export async function startJob(
  order: JobOrder,
  items: readonly string[] | null,
  priority: JobPriority = 'asked',
): Promise<void> {
  await flushStory();
  const { sessionId } = openStory();
  const started = await client.jobs.start({
    sessionId,
    order,
    items: items === null ? null : [...items],
    priority,
  });
  useJobs.setState(({ jobs }) => ({ jobs: [...jobs.filter(({ id }) => id !== started.id), started] }));
}

export type JobAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

/** Does something to a job; the list tells what came of it. */
export async function changeJob(jobId: JobId, action: JobAction): Promise<void> {
  try {
    await client.jobs[action]({ jobId });
    useJobs.setState({ jobs: await client.jobs.list() });
  } catch (thrown) {
    tellError(AppError.from(thrown));
  }
}

/** Every proposal of a job that nobody has decided about. Errors: jobs/not-found. */
export async function readProposals(jobId: JobId): Promise<JobItem[]> {
  const items: JobItem[] = [];
  for (;;) {
    const page = await client.jobs.results({
      jobId,
      show: 'proposals',
      from: items.length,
      limit: pageItems,
    });
    items.push(...page);
    if (page.length < pageItems) return items;
  }
}

/** The first items of a job that failed, with their errors. */
export const readFailures = (jobId: JobId, limit: number): Promise<JobItem[]> =>
  client.jobs.results({ jobId, show: 'failed', from: 0, limit });

/** Notes what became of proposals: of accepted ones only when what was made of them is in the story. */
export async function decideProposals(
  jobId: JobId,
  items: readonly string[],
  decision: JobDecision,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await flushStory();
    await client.jobs.decide({ jobId, items: [...items], decision });
    useJobs.setState({ jobs: await client.jobs.list() });
  } catch (thrown) {
    tellError(AppError.from(thrown));
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobKind } from '#electron/services/studio/jobs/JobKind.ts';
import { JobRunner } from '#electron/services/studio/jobs/JobRunner.ts';
import { type JobLimits, JobStore, type NewJob } from '#electron/services/studio/jobs/JobStore.ts';
import { jobTables } from '#electron/services/studio/jobs/jobTables.ts';
import { createJobKinds } from '#electron/services/studio/jobs/kinds/createJobKinds.ts';
import type { Session } from '#electron/services/studio/session.ts';
import { createWork } from '#electron/services/studio/work/createWork.ts';
import { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { JobPriority } from '#shared/models/job.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { createStory } from '#shared/story/create.ts';
import type { StoryId } from '#shared/story/ids.ts';

export const describing = {
  kind: 'describe-pictures',
  options: { style: 'alt', language: 'en' },
} as const;

/** Jobs of the other kinds find no model here. */
const refuse = () => {
  throw new AppError('task/no-route', 'There is no model');
};
const noModels = { describe: refuse, compose: refuse };

/** What an item of the desk's jobs ends with. */
export const said = (text: string) => ({ text, modelId: ModelId.parse('fake-model') });

export interface JobDeskOptions {
  readonly folder?: string;
  readonly width?: number;
  readonly limits?: JobLimits;
  readonly now?: () => number;
  /** The same story again, in another process. */
  readonly storyId?: StoryId;
  readonly run: JobKind<'describe-pictures'>['run'];
}

/** A queue over a real database and an open story, with a kind of job that does what the test says. */
export function openJobDesk({ width = 1, limits, now = Date.now, run, ...options }: JobDeskOptions) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'storyloom-jobs-'));
  const work = createWork(folder);
  const store = new JobStore(work.database(jobTables), { now, ...(limits ? { limits } : {}) });
  const story = { ...createStory('A story', 'en'), ...(options.storyId ? { id: options.storyId } : {}) };
  const session = { id: SessionId.parse('session-1'), story, readOnly: null } as unknown as Session;
  let isOpen = true;
  let settled = Promise.withResolvers<void>();
  const runner = new JobRunner({
    store,
    kinds: { ...createJobKinds(noModels), 'describe-pictures': { lane: 'engine', plan: () => [], run } },
    sessions: {
      get: () => {
        if (!isOpen) throw new AppError('project/closed', 'The story is closed');
        return session;
      },
    },
    widths: () => ({ engine: width, studio: 1 }),
    onChange: () => {
      settled.resolve();
      settled = Promise.withResolvers<void>();
    },
    now,
  });
  const add = (items: readonly string[], priority: JobPriority = 'asked', more: Partial<NewJob> = {}) =>
    store.add({ order: describing, story: { id: story.id, title: story.title }, items, priority, ...more });
  return {
    folder,
    store,
    runner,
    session,
    story,
    add,
    closeStory: () => {
      isOpen = false;
    },
    openStory: () => {
      isOpen = true;
      runner.follow(session);
    },
    /** Resolves when the store is as the test wants it. */
    async until(isSo: () => boolean): Promise<void> {
      while (!isSo()) await settled.promise;
    },
    async close(): Promise<void> {
      await runner.close();
      work.close();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await this.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

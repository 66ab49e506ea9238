import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Contract } from '#shared/contract/index.ts';
import type { OpenedStory } from '#shared/contract/studio.ts';
import type { Job } from '#shared/models/job.ts';
import { undescribed } from '#shared/story/undescribed.ts';
import { fixtureFolder } from '../support/parity.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';
import { overMessageChannel } from '../support/transports.ts';

const order = { kind: 'describe-pictures', options: { style: 'alt', language: 'en' } } as const;

/** A studio with a tiny model that sees, over the desktop's pipe. */
async function openDesk(host: TestStudio) {
  const window = await overMessageChannel<Contract>(host.studio.router);
  const { client } = window;
  return {
    client,
    async opened(): Promise<OpenedStory> {
      const story = await client.projects.openSample({ language: 'en' });
      const commands = Object.values(story.story.images).map(({ id, alt }) => ({
        kind: 'image.update' as const,
        id,
        patch: { alt: { ...alt, en: '' } },
      }));
      await client.story.apply({ sessionId: story.sessionId, baseRevision: story.revision, commands });
      return story;
    },
    /** The first list of jobs that is as wanted. */
    async until(
      sessionId: OpenedStory['sessionId'],
      isSo: (jobs: readonly Job[]) => boolean,
    ): Promise<Job[]> {
      for await (const jobs of await client.jobs.watch({ sessionId })) if (isSo(jobs)) return jobs;
      throw new Error('The watch ended');
    },
    [Symbol.asyncDispose]: () => window[Symbol.asyncDispose](),
  };
}

const withModel = async (): Promise<TestStudio> => {
  const host = await openTestStudio();
  cpSync(fixtureFolder('llava'), join(host.folder, 'data', 'models', 'llava'), { recursive: true });
  return host;
};

describe('describing pictures as a job', () => {
  test('proposes a text for every picture that has none; nothing changes in the story by itself', async () => {
    await using host = await withModel();
    await using desk = await openDesk(host);
    const { sessionId } = await desk.opened();
    const wanted = undescribed(host.studio.sessions.get(sessionId).story, 'alt', 'en');
    expect(wanted.length).toBeGreaterThan(5);
    const started = await desk.client.jobs.start({ sessionId, order, items: null, priority: 'asked' });
    expect(started).toMatchObject({ state: 'waiting', counts: { waiting: wanted.length } });
    const [job] = await desk.until(sessionId, ([now]) => now?.state === 'done');
    expect(job).toMatchObject({ proposals: wanted.length, progress: 1, heldBy: null });
    const proposals = await desk.client.jobs.results({
      jobId: started.id,
      show: 'proposals',
      from: 0,
      limit: 100,
    });
    expect(proposals.map(({ item }) => item)).toEqual(wanted);
    for (const { outcome } of proposals) expect(outcome?.value.text).not.toBe('');
    expect(undescribed(host.studio.sessions.get(sessionId).story, 'alt', 'en')).toEqual(wanted);
    const [first = ''] = wanted;
    const decide = { jobId: started.id, items: [String(first)], decision: 'accepted' as const };
    expect(await desk.client.jobs.decide(decide)).toEqual([first]);
    expect(await desk.client.jobs.decide(decide)).toEqual([]);
    // Accepting is one vote for the model that proposed it.
    const modelId = proposals[0]?.outcome?.value.modelId;
    expect(await desk.client.feedback.list()).toMatchObject([
      { task: 'describe', language: 'en', modelId, liked: 1, disliked: 0 },
    ]);
    await desk.client.jobs.remove({ jobId: started.id });
    await expect(desk.client.jobs.pause({ jobId: started.id })).rejects.toMatchObject({
      code: 'jobs/not-found',
    });
  });

  test('an engine that ends costs one try; everything is done in the end', async () => {
    await using host = await withModel();
    await using desk = await openDesk(host);
    const { sessionId } = await desk.opened();
    const { id } = await desk.client.jobs.start({ sessionId, order, items: null, priority: 'asked' });
    await desk.until(sessionId, ([now]) => (now?.counts.done ?? 0) > 0 && now?.state === 'running');
    const { pid } = host.processes.engine;
    if (pid === undefined) throw new Error('The engine does not run');
    process.kill(pid, 'SIGKILL');
    const [job] = await desk.until(sessionId, ([now]) => now?.state === 'done');
    expect(job?.counts).toMatchObject({ failed: 0, cancelled: 0 });
    const items = await desk.client.jobs.results({ jobId: id, show: 'all', from: 0, limit: 100 });
    expect(items.reduce((sum, { attempts }) => sum + attempts, 0)).toBeLessThanOrEqual(1);
  });

  test('without a model that sees the job stands still and says why; a closed story lets it wait', async () => {
    await using host = await openTestStudio();
    await using desk = await openDesk(host);
    const { sessionId, folder } = await desk.opened();
    const { id } = await desk.client.jobs.start({ sessionId, order, items: null, priority: 'asked' });
    const [held] = await desk.until(sessionId, ([now]) => now?.state === 'paused');
    expect(held).toMatchObject({ heldBy: 'task/no-route', counts: { failed: 0 } });
    await desk.client.projects.close({ sessionId });
    await desk.client.jobs.resume({ jobId: id });
    expect(await desk.client.jobs.list()).toMatchObject([{ state: 'waiting', heldBy: 'project/closed' }]);
    const again = await desk.client.projects.open({ folder });
    const [heldAgain] = await desk.until(again.sessionId, ([now]) => now?.state === 'paused');
    expect(heldAgain?.heldBy).toBe('task/no-route');
    await desk.client.jobs.cancel({ jobId: id });
    expect(await desk.client.jobs.list()).toMatchObject([{ state: 'cancelled' }]);
  });

  test('there is nothing to begin where every picture has its text', async () => {
    await using host = await openTestStudio();
    await using desk = await openDesk(host);
    const { sessionId } = await desk.client.projects.openSample({ language: 'en' });
    await expect(
      desk.client.jobs.start({ sessionId, order, items: null, priority: 'asked' }),
    ).rejects.toMatchObject({ code: 'jobs/nothing-to-do' });
    expect(await desk.client.jobs.list()).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionId } from '#shared/contract/studio.ts';
import type { Job, JobOrder } from '#shared/models/job.ts';
import { unsummarised } from '#shared/story/unsummarised.ts';
import { installedModels } from '../support/models.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';

const before = process.env['STORYLOOM_MODELS'];
beforeAll(async () => {
  process.env['STORYLOOM_MODELS'] = await installedModels();
}, 60_000);
afterAll(() => {
  if (before === undefined) delete process.env['STORYLOOM_MODELS'];
  else process.env['STORYLOOM_MODELS'] = before;
});

/** Opens the Chinese sample and takes the summaries of its first two scenes away. */
async function openSample({ studio }: TestStudio): Promise<{ sessionId: SessionId; items: string[] }> {
  const { sessionId, story, revision } = await studio.services.projects.openSample({ language: 'zh' });
  const scenes = Object.values(story.scenes).filter(({ lang }) => lang === 'zh');
  const commands = scenes
    .slice(0, 2)
    .map(({ id }) => ({ kind: 'scene.update' as const, id, patch: { summary: '' } }));
  await studio.services.story.apply({ sessionId, baseRevision: revision, commands });
  return { sessionId, items: unsummarised(studio.sessions.get(sessionId).story, 'zh') };
}

async function ended({ studio }: TestStudio, sessionId: SessionId, order: JobOrder): Promise<Job> {
  studio.services.jobs.start({ sessionId, order, items: null, priority: 'asked' });
  for await (const [job] of studio.services.jobs.watch({ sessionId }))
    if (job?.state === 'done' || job?.state === 'paused') return job;
  throw new Error('The watch ended');
}

test('the built-in Chinese model proposes summaries; the story stays as it is', async () => {
  await using host = await openTestStudio();
  const { sessionId, items } = await openSample(host);
  expect(items.length).toBeGreaterThanOrEqual(2);
  const job = await ended(host, sessionId, { kind: 'summarise-scenes', options: { language: 'zh' } });
  expect(job).toMatchObject({ state: 'done', proposals: items.length, counts: { failed: 0 } });
  const asked = { jobId: job.id, show: 'proposals', from: 0, limit: 100 } as const;
  const proposals = host.studio.services.jobs.results(asked);
  expect(proposals.map(({ item }) => item)).toEqual(items);
  for (const { outcome } of proposals) {
    expect(outcome?.value.modelId).toBe('minimind2-small');
    expect(outcome?.value.text).toMatch(/\p{Script=Han}{4}/u);
  }
  expect(unsummarised(host.studio.sessions.get(sessionId).story, 'zh')).toEqual(items);
});

test('without a model that speaks both languages a translation stands still and says why', async () => {
  await using host = await openTestStudio();
  const { sessionId } = await openSample(host);
  const job = await ended(host, sessionId, { kind: 'translate-scenes', options: { language: 'en' } });
  expect(job).toMatchObject({ state: 'paused', heldBy: 'task/no-route', counts: { done: 0, failed: 0 } });
});

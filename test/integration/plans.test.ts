import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPlansService } from '#electron/services/studio/plans/createPlansService.ts';
import type { Session, Sessions } from '#electron/services/studio/session.ts';
import { createWork } from '#electron/services/studio/work/createWork.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import type { StoryPlanEvent } from '#shared/models/storyPlan.ts';
import { createStory } from '#shared/story/create.ts';
import { createSceneId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import { noOpinion } from '../support/answered.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';

const sessionId = 'session-1' as SessionId;
const folder = mkdtempSync(join(tmpdir(), 'storyloom-plans-'));
const work = createWork(folder);
afterAll(() => {
  work.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(language: Language) {
  const engine = await startEngine({ models: await installedModels() });
  const story = createStory(language === 'zh' ? '水晶守护者' : 'The Crystal Guardian', language);
  const sessions = { get: () => ({ id: sessionId, story }) as unknown as Session } as unknown as Sessions;
  const open = () =>
    createPlansService({
      sessions,
      work,
      engine: engine.client,
      routing: noOpinion,
      describe: async () => 'A forest of glass',
      show: (_shown, _signal, work) => work([]),
    });
  return { plans: open(), reopen: open, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

const beginning = { sessionId, sceneCount: 2, imageIds: [], modelId: null, title: '', seed: 1 };

async function collect(events: AsyncIterable<StoryPlanEvent>): Promise<StoryPlanEvent[]> {
  const all: StoryPlanEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('a whole Chinese story: stages in order, stopped in the middle of a scene and gone on with after a restart', async () => {
  await using studio = await start('zh');
  studio.plans.begin({ ...beginning, title: '水晶守护者', premise: '艾拉在森林里找到一颗会说话的水晶。' });
  const stop = new AbortController();
  const stages: string[] = [];
  const running = (async () => {
    for await (const event of studio.plans.run({ sessionId }, stop.signal)) {
      if (event.type === 'step' && event.stage !== stages.at(-1)) stages.push(event.stage);
      if (event.type === 'text' && stages.at(-1) === 'scenes' && event.text.trim() !== '') stop.abort();
    }
  })();
  await expect(running).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(stages).toEqual(['characters', 'outline', 'scenes']);
  const halted = await studio.plans.get({ sessionId });
  expect(halted?.characters.length).toBeGreaterThan(0);
  expect([1, 2]).toContain(halted?.scenes.length);
  expect(halted?.scenes[0]).toMatchObject({ isWritten: false });
  expect(halted?.scenes[0]?.text).not.toBe('');

  const again = studio.reopen();
  const events = await collect(again.run({ sessionId }));
  const steps = events.filter(({ type }) => type === 'step');
  expect(steps).toHaveLength(halted?.scenes.length ?? 0);
  expect(events.at(-1)).toEqual({ type: 'done' });
  const plan = await again.get({ sessionId });
  expect(plan?.scenes.every(({ isWritten, text }) => isWritten && /\p{Script=Han}/u.test(text))).toBe(true);
  expect(plan?.scenes[0]?.text.startsWith(halted?.scenes[0]?.text.trim() ?? 'nothing')).toBe(true);
  expect(plan?.scenes[0]?.modelId).toBe('minimind2-small');
});

test('where no model can plan, the writer does, and the scenes are written all the same', async () => {
  await using studio = await start('en');
  studio.plans.begin({ ...beginning, title: 'The Cave', premise: 'Elara finds a crystal in a dark cave.' });
  await expect(collect(studio.plans.run({ sessionId }))).rejects.toMatchObject({ code: 'task/no-route' });
  const id = createSceneId();
  for (const stage of ['characters', 'outline'] as const) {
    studio.plans.edit({ sessionId, edit: { kind: 'settle', stage, isSettled: true } });
  }
  studio.plans.edit({
    sessionId,
    edit: { kind: 'scene', id, patch: { title: 'Down', summary: 'Elara goes down.' } },
  });
  const events = await collect(studio.plans.run({ sessionId }));
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  const plan = await studio.plans.get({ sessionId });
  expect(plan?.scenes).toMatchObject([{ id, isWritten: true, modelId: 'stories15m', text: text.trim() }]);
});

test('a plan that is given up while it is written stays gone', async () => {
  await using studio = await start('en');
  const id = createSceneId();
  studio.plans.begin({ ...beginning, title: 'The Cave', premise: '' });
  for (const stage of ['characters', 'outline'] as const) {
    studio.plans.edit({ sessionId, edit: { kind: 'settle', stage, isSettled: true } });
  }
  studio.plans.edit({ sessionId, edit: { kind: 'scene', id, patch: { title: 'Down' } } });
  const running = (async () => {
    for await (const event of studio.plans.run({ sessionId })) {
      if (event.type === 'text') studio.plans.discard({ sessionId });
    }
  })();
  await expect(running).rejects.toMatchObject({ code: 'task/cancelled' });
  expect(await studio.plans.get({ sessionId })).toBeNull();
});

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createConsistencyService } from '#electron/services/studio/consistency/createConsistencyService.ts';
import type { CheckEvent } from '#shared/contract/consistency.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { createCharacter } from '#shared/story/create.ts';
import { ImageId } from '#shared/story/ids.ts';
import { act, addScene, Desk, type } from '../support/storyDesk.ts';

const imageId = ImageId.parse('ab'.repeat(32));
const noModel = () => Promise.reject(new AppError('task/no-route', 'No model sees'));

async function all(events: AsyncIterable<CheckEvent>): Promise<CheckEvent[]> {
  const seen: CheckEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
const last = (events: readonly CheckEvent[]) => {
  const event = events.at(-1);
  if (event?.type !== 'done') throw new Error('The check did not end');
  return event;
};

/** A story with one contradiction between sheet and text, and a picture of its character. */
async function storyWithElara(desk: Desk) {
  const { session, sessions } = await desk.open(await desk.story());
  const elara = createCharacter({
    name: 'Elara',
    visualDescription: 'Silver hair, violet eyes.',
    portrait: imageId,
  });
  await act(
    session,
    {
      kind: 'image.add',
      image: {
        id: imageId,
        file: 'elara.png',
        originalName: 'elara.png',
        format: 'png',
        width: 1,
        height: 1,
        bytes: 1,
        animated: false,
        alt: { en: '', zh: '' },
        caption: { en: '', zh: '' },
        tags: [],
        credit: '',
        licence: '',
        source: '',
      },
    },
    { kind: 'character.add', character: elara, index: 0 },
  );
  const first = await addScene(session, { text: '' });
  const second = await addScene(session, { text: '' });
  await type(session, first, 'The forest hummed.');
  await type(session, second, 'Elara pushed back her black hair.');
  return { session, sessions, elara, first, second };
}

describe('a check', () => {
  test('finds what a scene says against the sheet, tells its progress, and reads unchanged scenes once', async () => {
    await using desk = new Desk();
    const { session, sessions, elara, second } = await storyWithElara(desk);
    const service = createConsistencyService({ sessions, ask: noModel });
    const whole = { sessionId: session.id, sceneId: null, pictures: false };
    const events = await all(service.check(whole));
    expect(events.filter(({ type }) => type === 'reading')).toEqual([
      { type: 'reading', done: 1, total: 2 },
      { type: 'reading', done: 2, total: 2 },
    ]);
    expect(last(events)).toMatchObject({ scenesRead: 2, scenesKnown: 0, problem: null });
    expect(last(events).findings).toMatchObject([
      {
        kind: 'look',
        characterId: elara.id,
        attribute: 'hair.colour',
        source: 'text',
        b: { evidence: { sceneId: second } },
      },
    ]);

    await type(session, second, ' It was late.');
    expect(last(await all(service.check(whole)))).toMatchObject({ scenesRead: 1, scenesKnown: 1 });
    await act(session, { kind: 'character.update', id: elara.id, patch: { aliases: ['Ellie'] } });
    expect(last(await all(service.check(whole)))).toMatchObject({ scenesRead: 2, scenesKnown: 0 });
  });

  test('of one scene tells what concerns that scene alone', async () => {
    await using desk = new Desk();
    const { session, sessions, first, second } = await storyWithElara(desk);
    const service = createConsistencyService({ sessions, ask: noModel });
    const of = async (sceneId: typeof first) =>
      last(await all(service.check({ sessionId: session.id, sceneId, pictures: true }))).findings.length;
    expect([await of(first), await of(second)]).toEqual([0, 1]);
  });

  test('asks about what the sheet tells, and what a model sees is evidence with its name', async () => {
    await using desk = new Desk();
    const { session, sessions } = await storyWithElara(desk);
    const asked: string[] = [];
    const service = createConsistencyService({
      sessions,
      async ask({ question }) {
        asked.push(question);
        return { modelId: 'a-model', answer: /eyes/.test(question) ? 'The eyes are brown.' : 'silver' };
      },
    });
    const events = await all(service.check({ sessionId: session.id, sceneId: null, pictures: true }));
    expect(asked).toHaveLength(2);
    expect(last(events)).toMatchObject({ answers: 2, unanswered: 0, problem: null });
    expect(last(events).findings.find(({ attribute }) => attribute === 'eyes.colour')).toMatchObject({
      source: 'a-model',
      b: { words: 'brown', evidence: { kind: 'picture', imageId, source: 'answer', modelId: 'a-model' } },
    });
  });

  test('without a model that sees still tells what the texts say, and why the rest is missing', async () => {
    await using desk = new Desk();
    const { session, sessions } = await storyWithElara(desk);
    const service = createConsistencyService({ sessions, ask: noModel });
    const done = last(await all(service.check({ sessionId: session.id, sceneId: null, pictures: true })));
    expect(done).toMatchObject({ answers: 0, unanswered: 2, problem: { code: 'task/no-route' } });
    expect(done.findings).toHaveLength(1);
  });

  test('asks nobody where the story has models switched off', async () => {
    await using desk = new Desk();
    const { session, sessions } = await storyWithElara(desk);
    await act(session, {
      kind: 'story.update',
      patch: { settings: { ...session.story.settings, aiEnabled: false } },
    });
    let asked = 0;
    const service = createConsistencyService({
      sessions,
      ask: () => {
        asked += 1;
        return noModel();
      },
    });
    const done = last(await all(service.check({ sessionId: session.id, sceneId: null, pictures: true })));
    expect([asked, done.problem?.code]).toEqual([0, 'task/ai-disabled']);
  });

  test('stops between two scenes', async () => {
    await using desk = new Desk();
    const { session, sessions } = await storyWithElara(desk);
    const service = createConsistencyService({ sessions, ask: noModel });
    const stop = new AbortController();
    const seen: CheckEvent[] = [];
    const run = async () => {
      for await (const event of service.check(
        { sessionId: session.id, sceneId: null, pictures: false },
        stop.signal,
      )) {
        seen.push(event);
        stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'task/cancelled' });
    expect(seen).toHaveLength(1);
  });

  test.each(['en', 'zh'])('finds nothing to object to in the sample story (%s)', async (language) => {
    await using desk = new Desk();
    const folder = join(desk.root, 'sample');
    await cp(join(import.meta.dirname, `../../electron/samples/crystal-guardian-${language}`), folder, {
      recursive: true,
    });
    const { session, sessions } = await desk.open(folder);
    const service = createConsistencyService({ sessions, ask: noModel });
    const done = last(await all(service.check({ sessionId: session.id, sceneId: null, pictures: false })));
    expect(done.scenesRead).toBe(6);
    expect(done.findings.map(({ a, b }) => [a.evidence.sentence, b.evidence.sentence])).toEqual([]);
  });
});

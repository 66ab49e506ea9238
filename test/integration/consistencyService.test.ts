import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkPictures, type PictureComparer } from '#electron/services/studio/consistency/checkPictures.ts';
import { createConsistencyService } from '#electron/services/studio/consistency/createConsistencyService.ts';
import type { CheckEvent } from '#shared/contract/consistency.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId } from '#shared/models/modelId.ts';
import { createCharacter } from '#shared/story/create.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { act, addScene, Desk, type } from '../support/storyDesk.ts';

const imageId = ImageId.parse('ab'.repeat(32));
/** Nothing installed compares pictures. */
const noComparer: PictureComparer = {
  async *index() {
    yield { encoder: null, done: 0, total: 0, failed: 0 };
  },
  compare: () => noModel(),
  routing: () => ({ chosen: null, weights: {}, remoteAllowed: false }),
};
const noModel = () => Promise.reject(new AppError('task/no-route', 'No model sees'));

const nothing = { en: '', zh: '' };
const pictureOf = (id: ImageId): StoryImage => ({
  id,
  file: `${id.slice(0, 8)}.png`,
  originalName: 'a.png',
  format: 'png',
  width: 1,
  height: 1,
  bytes: 1,
  animated: false,
  alt: nothing,
  caption: nothing,
  tags: [],
  credit: '',
  licence: '',
  source: '',
});

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
      image: pictureOf(imageId),
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
    const service = createConsistencyService({ sessions, ask: noModel, comparer: noComparer });
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
    const service = createConsistencyService({ sessions, ask: noModel, comparer: noComparer });
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
      comparer: noComparer,
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
    const service = createConsistencyService({ sessions, ask: noModel, comparer: noComparer });
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
      comparer: noComparer,
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
    const service = createConsistencyService({ sessions, ask: noModel, comparer: noComparer });
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
    const service = createConsistencyService({ sessions, ask: noModel, comparer: noComparer });
    const done = last(await all(service.check({ sessionId: session.id, sceneId: null, pictures: false })));
    expect(done.scenesRead).toBe(6);
    expect(done.findings.map(({ a, b }) => [a.evidence.sentence, b.evidence.sentence])).toEqual([]);
  });
});

describe('pictures', () => {
  /** Six pictures: five alike, the last unlike; the first four are Elara's, with the last. */
  async function gallery(desk: Desk) {
    const { session, sessions } = await desk.open(await desk.story());
    const ids = Array.from({ length: 6 }, (_, at) => ImageId.parse(String(at).repeat(64)));
    const uses = [0, 1, 2, 3, 5]
      .flatMap((at) => ids[at] ?? [])
      .map((id) => ({ imageId: id, role: 'reference' as const }));
    await act(session, ...ids.map((id) => ({ kind: 'image.add' as const, image: pictureOf(id) })), {
      kind: 'character.add',
      character: createCharacter({ name: 'Elara', pictures: uses }),
      index: 0,
    });
    const comparer: PictureComparer = {
      async *index() {
        yield { encoder: ModelId.parse('a-model'), done: 0, total: 6, failed: 0 };
        yield { encoder: ModelId.parse('a-model'), done: 6, total: 6, failed: 0 };
      },
      compare: async ({ imageIds }) => ({
        modelId: ModelId.parse('a-model'),
        imageIds,
        similarities: imageIds.map((a) =>
          imageIds.map((b) => (a === b ? 1 : a === ids[5] || b === ids[5] ? 0.3 : 0.8)),
        ),
      }),
      routing: noComparer.routing,
    };
    return { session, sessions, ids, comparer };
  }

  test('that do not fit the chosen look, or their character, are told', async () => {
    await using desk = new Desk();
    const { session, sessions, ids, comparer } = await gallery(desk);
    const service = createConsistencyService({ sessions, ask: noModel, comparer });
    const check = async () => {
      const events = [];
      for await (const event of service.pictures({ sessionId: session.id })) events.push(event);
      return events;
    };
    const first = await check();
    expect(first.slice(0, 2)).toEqual([
      { type: 'looking', done: 0, total: 6 },
      { type: 'looking', done: 6, total: 6 },
    ]);
    const [elara] = session.story.characterOrder;
    expect(first.at(-1)).toMatchObject({ compared: 6, misfits: [{ imageId: ids[5], characterId: elara }] });
    const look = { kind: 'look' as const, id: 'd', imageIds: ids.slice(0, 5) };
    await act(session, { kind: 'story.update', patch: { decisions: [look] } });
    expect((await check()).at(-1)).toMatchObject({
      misfits: [
        { imageId: ids[5], characterId: null },
        { imageId: ids[5], characterId: elara },
      ],
    });
  });

  test('cannot be compared without a model for it, which is told', async () => {
    await using desk = new Desk();
    const { session } = await gallery(desk);
    const run = async () => {
      for await (const _ of checkPictures(session, noComparer, new AbortController().signal));
    };
    await expect(run()).rejects.toMatchObject({ code: 'task/no-route' });
  });
});

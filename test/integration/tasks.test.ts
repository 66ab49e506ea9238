import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Session, Sessions } from '#electron/services/studio/session.ts';
import { createTasksService } from '#electron/services/studio/tasks/createTasksService.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { TalkTurn } from '#shared/models/conversation.ts';
import { createCharacter, createScene, createStory } from '#shared/story/create.ts';
import { ImageId, type SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import type { Story } from '#shared/story/story.ts';
import { noOpinion } from '../support/answered.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';
import { fixtureFolder } from '../support/parity.ts';
import { picture as realPicture } from '../support/pictures.ts';
import { collect } from '../support/writing.ts';

const sessionId = 'session-1' as SessionId;

const picture = (letter: string, fields: Partial<StoryImage>): StoryImage => ({
  id: ImageId.parse(letter.repeat(64)),
  file: `${letter}.png`,
  originalName: 'IMG_0001.png',
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
  ...fields,
});

const elara = createCharacter({ name: 'Elara', description: 'a brave girl with silver hair' });
const tomas = createCharacter({ name: 'Tomas', aliases: ['the shy one'], description: 'a shy boy' });
const nobody = createCharacter({ name: 'Zed', description: 'a tailor' });
const wolf = picture('a', { caption: { en: 'A wolf howling at the moon', zh: '嚎叫的狼' } });
const harbour = picture('b', { alt: { en: 'Boats in a harbour', zh: '' } });
const portrait = picture('c', {});
const folder = mkdtempSync(join(tmpdir(), 'storyloom-tasks-'));
mkdirSync(join(folder, 'images'));
const rasters = join(folder, 'rasters');
for (const { file } of [wolf, harbour, portrait])
  writeFileSync(join(folder, 'images', file), await realPicture(60, 40).png().toBuffer());
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const text = 'Elara lifted her torch. The shy one stayed behind her. They heard a beast cry in the night.';
const scene = createScene({
  lang: 'en',
  title: 'The cave',
  summary: 'They find a crystal.',
  characterIds: [elara.id],
  pictures: [{ imageId: wolf.id, role: 'mood' }],
  text: null,
});
const story: Story = {
  ...createStory('The Crystal Guardian', 'en'),
  scenes: { [scene.id]: scene },
  characters: { [elara.id]: { ...elara, portrait: portrait.id }, [tomas.id]: tomas, [nobody.id]: nobody },
  characterOrder: [nobody.id, tomas.id, elara.id],
  images: { [wolf.id]: wolf, [harbour.id]: harbour, [portrait.id]: portrait },
};

/** The story as an open session; its texts are read on demand. */
const sessionsOf = (open: Story): Sessions =>
  ({
    get: (id: SessionId) => {
      if (id !== sessionId) throw new AppError('project/closed', 'Not open');
      return {
        id,
        folder,
        story: open,
        readTexts: async (ids: readonly SceneId[]) =>
          new Map(ids.filter((sceneId) => open.scenes[sceneId]).map((sceneId) => [sceneId, text])),
      } as unknown as Session;
    },
  }) as unknown as Sessions;

async function start(open: Story = story, models?: string) {
  const engine = await startEngine({ models: models ?? (await installedModels()) });
  return {
    tasks: createTasksService({
      sessions: sessionsOf(open),
      engine: engine.client,
      routing: noOpinion,
      rasters: { imaging: engine.imaging, folder: rasters },
    }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

const here = { sessionId, sceneId: scene.id };
const write = { ...here, instruction: '', at: null, modelId: null, sampling: { seed: 1, maxTokens: 20 } };

describe('tasks over the real engine', () => {
  test('writing tells the model what the scene is about: the text, who is in it, its pictures', async () => {
    await using studio = await start();
    const { events, done } = await collect(studio.tasks.write(write));
    const prompt = events.find((event) => event.type === 'prompt')?.report.prompt;
    expect(done?.tokens).toBeGreaterThan(0);
    for (const fact of [text, 'named Elara', 'named Tomas', 'They find a crystal.', 'A wolf howling']) {
      expect(prompt).toContain(fact);
    }
    expect(prompt).not.toContain('Zed');
  });

  test('writing in the middle sends only what stands before the caret', async () => {
    await using studio = await start();
    const { events } = await collect(studio.tasks.write({ ...write, at: 'Elara lifted her torch.'.length }));
    const prompt = events.find((event) => event.type === 'prompt')?.report.prompt;
    expect(prompt?.endsWith('Elara lifted her torch.')).toBe(true);
  });

  test('a cancel reaches the engine', async () => {
    await using studio = await start();
    const abort = new AbortController();
    const reading = (async () => {
      const long = { ...write, sampling: { seed: 1, maxTokens: 4000, temperature: 1.5 } };
      for await (const event of studio.tasks.write(long, abort.signal))
        if (event.type === 'text') abort.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'task/cancelled' });
  });

  test('illustrating finds pictures by caption, alternative text and who is in them', async () => {
    await using studio = await start();
    const best = async (passage: string | null, pool: ImageId[] | null = null) =>
      (await studio.tasks.illustrate({ ...here, passage, pool, topK: 2 })).ranking[0];
    expect(await best(null)).toMatchObject({
      imageId: portrait.id,
      evidence: [{ phrase: 'Elara lifted her torch.' }],
    });
    expect(await best('A beast cried at the sky.')).toMatchObject({ imageId: wolf.id });
    expect(await best('The ships lay at the quay.')).toMatchObject({ imageId: harbour.id });
    expect(await best('Elara smiled.')).toMatchObject({
      imageId: portrait.id,
      evidence: [{ matched: { field: 'name', text: 'Elara' } }],
    });
    expect(await best('A beast cried at the sky.', [harbour.id])).toMatchObject({ imageId: harbour.id });
  });

  test('a question about a picture says what to install', async () => {
    await using studio = await start();
    const refused = {
      code: 'task/no-route',
      details: { install: ['blip2-opt-2.7b', 'llava-1.5-7b', 'qwen2-vl-2b'] },
    };
    await expect(
      studio.tasks.ask({ sessionId, imageId: wolf.id, question: 'What is it?' }),
    ).rejects.toMatchObject(refused);
    await expect(studio.tasks.describe({ sessionId, imageId: wolf.id, style: 'alt' })).rejects.toMatchObject(
      refused,
    );
    const unknown = ImageId.parse('f'.repeat(64));
    await expect(
      studio.tasks.ask({ sessionId, imageId: unknown, question: 'What is it?' }),
    ).rejects.toMatchObject({ code: 'image/not-found' });
    expect(readdirSync(rasters)).toEqual([]);
  });

  test('a question about a picture is answered by a model that sees', async () => {
    const models = join(folder, 'models');
    cpSync(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
    await using studio = await start(story, models);
    const asked = await studio.tasks.ask({ sessionId, imageId: wolf.id, question: 'What is it?' });
    expect(asked.modelId).toBe('tiny-llava');
    expect(asked.answer).not.toBe('');
    const again = await studio.tasks.ask({ sessionId, imageId: wolf.id, question: 'What is it?' });
    expect(again.answer).toBe(asked.answer);
    expect([asked.answered.cached, again.answered.cached]).toEqual([false, true]);
    const described = await studio.tasks.describe({ sessionId, imageId: wolf.id, style: 'detailed' });
    expect(described.modelId).toBe('tiny-llava');
    expect(readdirSync(rasters)).toEqual([]);
  });

  test('a conversation about pictures goes on over several turns, and shows what of it was told', async () => {
    const models = join(folder, 'talkers');
    cpSync(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
    await using studio = await start(story, models);
    const shown = { role: 'user' as const, text: 'What is it?', imageIds: [wolf.id] };
    const talk = (turns: TalkTurn[]) =>
      collect(
        studio.tasks.converse({
          sessionId,
          turns,
          modelId: null,
          sampling: { temperature: 0, maxTokens: 8 },
        }),
      );
    const first = await talk([shown]);
    expect(first.done).toMatchObject({ modelId: 'tiny-llava', tokens: 8 });
    const turns = [
      shown,
      { role: 'assistant' as const, text: first.text, imageIds: [] },
      { role: 'user' as const, text: 'And this one?', imageIds: [harbour.id] },
    ];
    const second = await talk(turns);
    const report = second.events.find((event) => event.type === 'prompt')?.report;
    expect(report?.prompt.match(/<image>/g)).toHaveLength(2);
    expect(report?.prompt).toContain('And this one?');
    expect(report?.parts.map(({ name, sent }) => [name, sent])).toEqual([
      ['turn', 'whole'],
      ['turn', 'whole'],
      ['turn', 'whole'],
    ]);
    expect(report?.promptTokens).toBeGreaterThan(report?.parts[0]?.tokens ?? 0);
    expect(readdirSync(rasters)).toEqual([]);
  });

  test('a writer that sees is shown the pictures of the scene; one that does not reads about them', async () => {
    const models = join(folder, 'seeing');
    cpSync(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
    await using seeing = await start(story, models);
    const greedy = { ...write, sampling: { temperature: 0, maxTokens: 6 } };
    const { events, done } = await collect(seeing.tasks.write(greedy));
    const report = events.find((event) => event.type === 'prompt')?.report;
    expect(done?.modelId).toBe('tiny-llava');
    expect(report?.prompt.match(/<image>/g)).toHaveLength(1);
    expect(report?.prompt).toContain('A wolf howling');
    await using blind = await start();
    const told = (await collect(blind.tasks.write(greedy))).events.find((event) => event.type === 'prompt');
    expect(told?.report.prompt).not.toContain('<image>');
    expect(told?.report.prompt).toContain('A wolf howling');
  });

  test('a picture that is gone or damaged does not keep a text from being written', async () => {
    const [gone, damaged] = [picture('e', {}), picture('f', {})];
    writeFileSync(join(folder, 'images', damaged.file), 'no picture');
    const models = join(folder, 'seeing-on');
    cpSync(fixtureFolder('llava'), join(models, 'tiny-llava'), { recursive: true });
    const uses = [gone, damaged, wolf].map(({ id }) => ({ imageId: id, role: 'mood' as const }));
    await using studio = await start(
      {
        ...story,
        scenes: { [scene.id]: { ...scene, pictures: uses } },
        images: { ...story.images, [gone.id]: gone, [damaged.id]: damaged },
      },
      models,
    );
    const { events, text: written } = await collect(
      studio.tasks.write({ ...write, sampling: { temperature: 0, maxTokens: 6 } }),
    );
    const report = events.find((event) => event.type === 'prompt')?.report;
    expect(report?.prompt.match(/<image>/g)).toHaveLength(1);
    expect(written).not.toBe('');
    expect(readdirSync(rasters)).toEqual([]);
  });

  test('a picture that is a link out of the story is given to no model', async () => {
    const away = picture('d', {});
    symlinkSync(join(folder, 'images', wolf.file), join(folder, 'images', away.file));
    await using studio = await start({ ...story, images: { ...story.images, [away.id]: away } });
    const refused = { code: 'image/not-found' };
    await expect(
      studio.tasks.ask({ sessionId, imageId: away.id, question: 'What is it?' }),
    ).rejects.toMatchObject(refused);
    await expect(studio.tasks.describe({ sessionId, imageId: away.id, style: 'alt' })).rejects.toMatchObject(
      refused,
    );
  });

  test('where the writer has switched models off, none is asked', async () => {
    await using studio = await start({ ...story, settings: { ...story.settings, aiEnabled: false } });
    const off = { code: 'task/ai-disabled' };
    await expect(collect(studio.tasks.write(write))).rejects.toMatchObject(off);
    await expect(
      studio.tasks.illustrate({ ...here, passage: null, pool: null, topK: 1 }),
    ).rejects.toMatchObject(off);
  });

  test('with no picture to choose from there is nothing to rank', async () => {
    await using studio = await start({ ...story, images: {} });
    await expect(
      studio.tasks.illustrate({ ...here, passage: null, pool: null, topK: 1 }),
    ).rejects.toMatchObject({ code: 'task/nothing-to-rank' });
  });
});

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenedStory } from '#shared/contract/studio.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language } from '#shared/story/scene.ts';
import { installedModels } from '../support/models.ts';
import { fixtureFolder } from '../support/parity.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';
import { collect } from '../support/writing.ts';

/** Every family that there is, tiny and untrained, beside the small trained models. */
const fixtures = ['clip', 'chinese-clip', 'blip2-opt', 'llava', 'qwen2-vl', 'florence2', 'smolvlm'];

let host: TestStudio;
const folder = mkdtempSync(join(tmpdir(), 'storyloom-every-'));
const before = process.env['STORYLOOM_MODELS'];
const stories = new Map<Language, OpenedStory>();

beforeAll(async () => {
  cpSync(await installedModels(), folder, { recursive: true });
  for (const name of fixtures) cpSync(fixtureFolder(name), join(folder, `tiny-${name}`), { recursive: true });
  process.env['STORYLOOM_MODELS'] = folder;
  host = await openTestStudio();
  for (const language of ['en', 'zh'] as const) {
    stories.set(language, await host.studio.services.projects.openSample({ language }));
  }
}, 60_000);
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  if (before === undefined) delete process.env['STORYLOOM_MODELS'];
  else process.env['STORYLOOM_MODELS'] = before;
  rmSync(folder, { recursive: true, force: true });
});

/** Models that each language may be answered by. */
const speakers: Readonly<Record<Language, RegExp>> = {
  en: /^(?:stories15m|minilm-l6|tiny-(?:clip|blip2-opt|llava|qwen2-vl|florence2|smolvlm))$/,
  zh: /^(?:minimind2-small|tiny-(?:chinese-clip|qwen2-vl))$/,
};
const bySpeaker = (language: Language, answered: Answered | undefined) => {
  expect(answered?.modelId.replace(/^.*\//, '')).toMatch(speakers[language]);
  expect(answered?.reasons.length).toBeGreaterThan(0);
};

describe.each(['en', 'zh'] as const)('every task in %s', (language) => {
  const opened = () => stories.get(language) as OpenedStory;
  const here = () => ({ sessionId: opened().sessionId });
  const scene = (): SceneId => sceneOrder(opened().story.outline)[0] as SceneId;
  const image = (): ImageId => Object.keys(opened().story.images)[0] as ImageId;
  const tasks = () => host.studio.services.tasks;
  const short = { maxTokens: 12, seed: 1 };
  const composed = {
    sceneId: null as SceneId | null,
    language,
    instruction: '',
    source: '',
    modelId: null,
    sampling: short,
  };

  test('a scene is written on, with its pictures and without', async () => {
    const { text, done } = await collect(
      tasks().write({
        ...here(),
        sceneId: scene(),
        instruction: '',
        at: null,
        modelId: null,
        sampling: short,
      }),
    );
    expect(text).not.toBe('');
    bySpeaker(language, done?.answered);
  });

  test.each(['title', 'characters', 'outline'] as const)('%s proposed', async (purpose) => {
    const { text, done } = await collect(tasks().compose({ ...here(), ...composed, purpose }));
    expect(text).not.toBe('');
    bySpeaker(language, done?.answered);
  });

  test.each(['summary', 'rewrite', 'translation'] as const)('%s of a scene', async (purpose) => {
    const into = purpose === 'translation' ? (language === 'en' ? 'zh' : 'en') : language;
    const { text, done } = await collect(
      tasks().compose({ ...here(), ...composed, sceneId: scene(), purpose, language: into }),
    );
    expect(text).not.toBe('');
    bySpeaker(into, done?.answered);
    if (purpose === 'translation') expect(done?.modelId).toMatch(/qwen2-vl/);
  });

  test.each(['detailed', 'story', 'alt'] as const)('a picture described: %s', async (style) => {
    const { description, answered } = await tasks().describe({ ...here(), imageId: image(), style });
    expect(description).not.toBe('');
    bySpeaker(language, answered);
  });

  test('a picture described by all who see, put together', async () => {
    const events = [];
    const asked = { ...here(), imageId: image(), style: 'alt' as const };
    for await (const event of tasks().describeTogether(asked)) events.push(event);
    expect(events.at(-1)?.type).toBe('done');
    expect(events.filter(({ type }) => type === 'said').length).toBeGreaterThan(language === 'en' ? 1 : 0);
  });

  test('a question about a picture, and a conversation over two turns', async () => {
    const question = language === 'en' ? 'Who is it?' : '这是谁？';
    const { answer, answered } = await tasks().ask({ ...here(), imageId: image(), question });
    expect(answer).not.toBe('');
    bySpeaker(language, answered);
    const shown = { role: 'user' as const, text: question, imageIds: [image()] };
    const talk = { ...here(), modelId: null, sampling: short };
    const first = await collect(tasks().converse({ ...talk, turns: [shown] }));
    const turns = [
      shown,
      { role: 'assistant' as const, text: first.text, imageIds: [] },
      { role: 'user' as const, text: question, imageIds: [] },
    ];
    const second = await collect(tasks().converse({ ...talk, turns }));
    expect(second.text).not.toBe('');
    bySpeaker(language, second.done?.answered);
  });

  test('pictures are looked at, found for a scene, matched with texts and compared with each other', async () => {
    const indexed = { ...here(), pool: null, words: null, scene: { sceneId: scene(), passage: null } };
    for await (const _ of tasks().indexPictures(indexed));
    const found = await tasks().illustrate({
      ...here(),
      sceneId: scene(),
      passage: null,
      pool: null,
      topK: 3,
    });
    expect(found.ranking.length).toBeGreaterThan(0);
    bySpeaker(language, found.lookedBy ?? undefined);
    const texts = language === 'en' ? ['a forest', 'a cave'] : ['森林', '山洞'];
    for await (const _ of tasks().indexPictures({
      ...here(),
      pool: null,
      words: texts[0] ?? '',
      scene: null,
    }));
    const matches = await tasks().match({ ...here(), pool: null, texts });
    bySpeaker(language, matches.answered);
    for await (const _ of tasks().indexPictures({ ...here(), pool: null, words: null, scene: null }));
    const { similar } = await tasks().similar({ ...here(), imageId: image(), topK: 3 });
    expect(similar).toHaveLength(3);
  });
});

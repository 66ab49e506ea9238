import { beforeAll, describe, expect, test } from 'vitest';
import { createCli } from '../support/cli.ts';
import { installedModels } from '../support/models.ts';

beforeAll(async () => {
  process.env['STORYLOOM_MODELS'] = await installedModels();
});

async function tale(language: 'english' | 'chinese') {
  const cli = createCli();
  await cli.run(['create', 'Tale', '--language', language]);
  const story = (...args: string[]) => ['--story', 'Tale', ...args];
  return { ...cli, story };
}

describe('proposing, summing up and planning on the command line', () => {
  test('characters and scenes are proposed, and nothing of the story changes', async () => {
    const { run, story } = await tale('chinese');
    const wish = '艾拉在森林里找到一颗会说话的水晶。';
    const before = await run(story('info', '--json'));
    const people = await run(story('propose', 'characters', '--instruction', wish, '--seed', '1', '--json'));
    expect(people.result['model']).toBe('minimind2-small');
    expect(people.result['characters']).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: expect.stringMatching(/\p{Script=Han}/u) })]),
    );
    const scenes = await run(story('propose', 'scenes', '--instruction', wish, '--seed', '1', '--json'));
    expect((scenes.result['scenes'] as unknown[]).length).toBeGreaterThan(1);
    expect((await run(story('info', '--json'))).result).toEqual(before.result);
  });

  test('a scene is summed up; kept, the summary is its own', async () => {
    const { run, story } = await tale('chinese');
    await run(story('scene', 'add', '山洞'));
    await run(story('write', '1', '--seed', '1', '--max-tokens', '60'));
    const shown = await run(story('summarise', '1', '--seed', '1', '--json'));
    expect(shown.result).toMatchObject({ status: 'success', kept: false });
    expect(shown.result['summary']).toMatch(/\p{Script=Han}{4}/u);
    const kept = await run(story('summarise', '1', '--seed', '1', '--keep', '--json'));
    expect(kept.result).toMatchObject({ kept: true, summary: shown.result['summary'] });
  });

  test('a translation needs a model that speaks both languages, and says so', async () => {
    const { run, story } = await tale('chinese');
    await run(story('scene', 'add', '山洞'));
    await run(story('write', '1', '--seed', '1', '--max-tokens', '20'));
    const refused = await run(story('translate', '1', '--json'));
    expect(refused.result).toMatchObject({ status: 'error', code: 'task/no-route' });
  });

  test('a whole story is written beside the open one, gone on with, and put in when told to', async () => {
    const { run, story } = await tale('chinese');
    const premise = '艾拉在森林里找到一颗会说话的水晶。';
    const stop = new AbortController();
    const asked = story('plan', premise, '--title', '森林里的水晶', '--scenes', '2', '--seed', '1', '--json');
    const stopped = await run(asked, {
      signal: stop.signal,
      onOut: (text) => {
        if (text.includes('"stage":"scenes"')) stop.abort();
      },
    });
    expect(stopped.result).toMatchObject({ code: 'task/cancelled' });
    expect((await run(story('info', '--json'))).result['scenes']).toEqual([]);

    const done = await run(story('plan', '--json'));
    const scenes = done.result['scenes'] as { content: string }[];
    expect(scenes.length).toBeGreaterThan(0);
    for (const { content } of scenes) expect(content).toMatch(/\p{Script=Han}{4}/u);

    const put = await run(story('plan', '--accept', '--json'));
    expect(put.result).toMatchObject({ status: 'success', accepted: true });
    const info = await run(story('info', '--json'));
    expect(info.result['title']).toBe('森林里的水晶');
    expect(info.result['scenes']).toHaveLength(scenes.length);
    expect((await run(story('plan', '--json'))).result).toMatchObject({ code: 'plan/none' });
  });
});

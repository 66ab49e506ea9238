import { describe, expect, test } from 'vitest';
import { checkConfig } from '#electron/cli/configFile.ts';
import { languageNamed, systemLanguage } from '#electron/cli/languageNames.ts';
import { explain } from '#electron/cli/output.ts';
import { checkStoryState, commandsFrom, titleFrom, toStoryState } from '#electron/cli/storyState.ts';
import { errorWords } from '#electron/cli/words/errorWords.ts';
import { usageError } from '#electron/cli/words/usageErrors.ts';
import { wordsIn } from '#electron/cli/words/words.ts';
import { AppError, errorTraits } from '#shared/errors/AppError.ts';
import { applyCommand } from '#shared/story/apply.ts';
import { createStory } from '#shared/story/create.ts';

const specification = {
  models: {
    clip: { type: 'clip', path: 'openai/clip-vit-large-patch14', enabled: true },
    'qwen-vl': { type: 'qwen-vl', path: 'Qwen/Qwen-VL', enabled: false },
  },
  system: { cache_dir: 'cache', max_memory_usage: 0.9, default_language: 'english' },
};
const refusal = (config: unknown): string => {
  try {
    checkConfig(config);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'input/invalid') return thrown.message;
    throw thrown;
  }
  throw new Error('Not refused');
};

describe('the configuration file', () => {
  test("the specification's own is taken, models that are switched off left out", () => {
    expect(checkConfig(specification, 1000)).toEqual({
      models: [{ name: 'clip', family: 'clip', path: 'openai/clip-vit-large-patch14' }],
      cacheFolder: 'cache',
      modelMemoryBytes: 900,
      defaultLanguage: 'en',
    });
    expect(checkConfig({})).toEqual({
      models: [],
      cacheFolder: null,
      modelMemoryBytes: null,
      defaultLanguage: null,
    });
  });

  test.each([
    [
      { models: { a: { type: 'gpt', path: 'x' } } },
      /^models\.a\.type: use one of "clip", "blip2", "llava", "qwen-vl", "smolvlm", "florence2"/,
    ],
    [{ models: { a: { type: 'clip' } } }, /^models\.a\.path: /],
    [{ models: [] }, /^models: /],
    [{ system: { max_memory_usage: 90 } }, /^system\.max_memory_usage: use a number above 0 and up to 1/],
    [{ system: { max_memory_usage: 0 } }, /^system\.max_memory_usage: /],
    [{ system: { default_language: 'klingon' } }, /^system\.default_language: .*use english or chinese/],
    [{ system: { cache: 'x' } }, /^system\.cache: not a known setting/],
    [null, /^the file: /],
    ['text', /^the file: /],
  ])('%j is refused with the key and what is accepted', (config, message) => {
    expect(refusal(config)).toMatch(message);
  });
});

describe('a saved story', () => {
  test('becomes commands that rebuild it, and back again', () => {
    const state = checkStoryState({
      title: 'T',
      language: 'chinese',
      current_scene_index: 0,
      characters: {
        A: { name: 'A', description: 'd', image: 'image_data_placeholder', visual_description: 'v' },
      },
      scenes: [
        { description: '一片神秘的森林', image: null, content: '一\r\n二' },
        { description: 'x', content: '' },
      ],
    });
    const { commands, images } = commandsFrom(state);
    expect(images).toEqual([]);
    const story = commands.reduce(
      (before, command) => applyCommand(before, command).story,
      createStory('T', 'zh'),
    );
    const texts = new Map(Object.values(story.scenes).map((scene) => [scene.id, scene.text ?? '']));
    expect(toStoryState(story, texts, 0, (file) => file)).toEqual({
      title: 'T',
      language: 'chinese',
      current_scene_index: 0,
      characters: { A: { name: 'A', description: 'd', image: null, visual_description: 'v' } },
      scenes: [
        { title: '一片神秘的森林', description: '一片神秘的森林', image: null, content: '一\n二' },
        { title: 'x', description: 'x', image: null, content: '' },
      ],
    });
  });

  test('a title is the first sentence, cut where it is long', () => {
    expect(titleFrom('A cave. Under the tree.')).toBe('A cave');
    expect(titleFrom('古树之下。很深！')).toBe('古树之下');
    expect(Array.from(titleFrom('水'.repeat(99)))).toHaveLength(60);
  });
});

test('languages by name and by locale', () => {
  expect(languageNamed('Chinese')).toBe('zh');
  expect(() => languageNamed('__proto__')).toThrow(AppError);
  expect(systemLanguage({ LC_ALL: 'zh_CN.UTF-8', LANG: 'en_GB' })).toBe('zh');
  expect(systemLanguage({ LANG: 'de_DE' })).toBe('en');
});

test('every error says in both languages what happened and what to do', () => {
  for (const code of Object.keys(errorTraits) as (keyof typeof errorTraits)[]) {
    const [en, zh] = [errorWords[code].en, errorWords[code].zh];
    for (const text of en) expect(text, code).toMatch(/^[\x20-\x7e’“”]+$/);
    for (const text of zh) expect(text, code).toMatch(/\p{Script=Han}/u);
  }
  const error = new AppError('task/no-route', 'x', { details: { install: ['a', 'b'], none: null } });
  expect(explain(error, 'en')).toEqual({
    title: 'No installed model can do this',
    next: '"storyloom models list" shows what can be installed.',
    facts: ['install: a, b'],
  });
});

test('both languages have every text of the help, and usage errors are worded in Chinese', () => {
  for (const [name, text] of Object.entries(wordsIn.zh.help)) {
    expect(text, name).toMatch(/\p{Script=Han}|^mdbook|^detailed/u);
    expect(wordsIn.en.help[name as keyof typeof wordsIn.en.help], name).not.toMatch(/\p{Script=Han}/u);
  }
  const choices = "error: option '--ui <language>' argument 'x' is invalid. Allowed choices are en, zh.";
  expect(usageError(choices, 'zh')).toBe('用法有误：选项 “--ui <language>” 的值 “x” 无效，可用：en, zh');
  expect(usageError(choices, 'en')).toBe(choices);
});

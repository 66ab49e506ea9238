import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCli } from '../support/cli.ts';
import { writeModelFolder } from '../support/modelFolders.ts';
import { installedModels } from '../support/models.ts';
import { sampleFolder } from '../support/samples.ts';

const picturesOf = join(sampleFolder('en'), 'images');
const picture = (stem: string) =>
  join(picturesOf, readdirSync(picturesOf).find((name) => name.startsWith(stem)) ?? stem);

beforeAll(async () => {
  process.env['STORYLOOM_MODELS'] = await installedModels();
});

afterEach(() => void vi.unstubAllEnvs());

const casts = {
  english: [
    'Elara',
    'A young sorceress',
    'A mysterious forest with glowing crystals',
    'A hidden cave beneath the ancient tree',
  ],
  chinese: [
    '艾拉拉',
    '一位能与水晶交流的年轻女法师',
    '一片神秘的森林，水晶在其中发光',
    '古树之下一处隐秘的洞窟',
  ],
} as const;

/** A story "Tale" with one character and two empty scenes. */
async function tale(language: 'english' | 'chinese' = 'english') {
  const cli = createCli();
  await cli.run(['create', 'Tale', '--language', language]);
  const story = (...args: string[]) => ['--story', 'Tale', ...args];
  const [name, description, ...scenes] = casts[language];
  await cli.run(story('character', 'add', name, '-d', description));
  for (const scene of scenes) await cli.run(story('scene', 'add', scene));
  return { ...cli, story };
}

describe('making a story', () => {
  test('every step answers as the specification does, and the story is on the disk', async () => {
    const { root, run, story } = await tale();
    const scene = await run(story('scene', 'add', 'The end.', '--image', picture('heart-crystal'), '--json'));
    expect(scene.result).toMatchObject({
      status: 'success',
      scene_index: 2,
      image: expect.stringMatching(/^heart-crystal/),
    });
    const info = await run(story('info', '--json'));
    expect(info.result).toMatchObject({
      status: 'success',
      title: 'Tale',
      language: 'english',
      characters: ['Elara'],
      scenes: [
        { scene_index: 0 },
        { scene_index: 1, description: 'A hidden cave beneath the ancient tree' },
        {},
      ],
    });
    expect(existsSync(join(root, 'Tale', 'story.json'))).toBe(true);
    expect(readdirSync(join(root, 'Tale', 'scenes'))).toHaveLength(3);
  });

  test('a character of the same name is changed, not doubled; its picture becomes the portrait', async () => {
    const { run, story } = await tale();
    const again = await run(
      story('character', 'add', 'Elara', '-d', 'Older now', '--visual', 'grey', '-i', picture('elara')),
    );
    expect(again).toMatchObject({ status: 0, out: 'Changed character: Elara\n' });
    const saved = await run(story('save', 'tale.json', '--json'));
    const state = JSON.parse(readFileSync(String(saved.result['path']), 'utf8'));
    expect(state.characters).toMatchObject({
      Elara: { description: 'Older now', visual_description: 'grey' },
    });
    expect(state.characters.Elara.image).toMatch(/^Tale\/images\/elara-/);
  });

  test('the language is set, and says which ones there are', async () => {
    const { run, story } = await tale();
    expect((await run(story('language', 'chinese', '--json'))).result).toMatchObject({ language: 'chinese' });
    const wrong = await run(story('language', 'klingon', '--json'));
    expect(wrong.status).toBe(2);
    expect(wrong.result).toMatchObject({
      status: 'error',
      code: 'input/invalid',
      details: { accepted: ['english', 'chinese', 'en', 'zh'] },
    });
  });

  test('a second story of that name is refused and nothing is lost', async () => {
    const { root, run } = await tale();
    const before = readFileSync(join(root, 'Tale', 'story.json'), 'utf8');
    expect(await run(['create', 'Tale', '--json'])).toMatchObject({
      status: 1,
      result: { code: 'project/exists' },
    });
    expect(readFileSync(join(root, 'Tale', 'story.json'), 'utf8')).toBe(before);
  });
});

describe('writing with a real model', () => {
  test('streams the text and keeps it; the same seed gives the same text; a dry run keeps nothing', async () => {
    const { run, story } = await tale();
    const write = ['write', '1', '--seed', '7', '--max-tokens', '24'];
    const dry = await run(story(...write, '--dry-run', '--json'));
    expect(dry.documents.map(({ type }) => type)).toEqual(expect.arrayContaining(['prompt', 'text', 'done']));
    expect(dry.result).toMatchObject({ status: 'success', scene_index: 0, kept: false });
    const kept = await run(story(...write));
    expect(kept.status).toBe(0);
    expect(kept.out).toContain(String(dry.result['content']).slice(0, 20));
    const info = await run(story('info', '--json'));
    expect(info.result['scenes']).toMatchObject([
      { words: expect.any(Number), scene_status: 'draft' },
      { words: 0, scene_status: 'idea' },
    ]);
  });

  test('writes every empty scene in order, leaves written ones alone, and gives the whole story', async () => {
    const { root, run, story } = await tale();
    await run(story('write', '2', '--seed', '7', '--max-tokens', '12'));
    const done = await run(story('complete', '--max-tokens', '12', '-o', 'whole.md', '--json'));
    expect(done.result).toMatchObject({ status: 'success', written_scenes: [0] });
    const whole = readFileSync(join(root, 'whole.md'), 'utf8');
    expect(whole).toBe(done.result['story']);
    expect(whole).toMatch(
      /^# Tale\n\n## Characters\n\n### Elara\n\n[\s\S]*## Scene 1: A mysterious forest[\s\S]*## Scene 2: A hidden cave/,
    );
    const again = await run(story('complete', '--json'));
    expect(again.result).toMatchObject({ written_scenes: [], length: Array.from(whole).length });
  });

  test('stopped while it writes the second scene, it keeps the first and goes on there next time', async () => {
    const { run, story } = await tale();
    const stop = new AbortController();
    let texts = 0;
    let lastTokens = 0;
    const stopped = await run(story('complete', '--max-tokens', '60', '--json'), {
      signal: stop.signal,
      onOut: (line) => {
        const event = JSON.parse(line) as { type?: string; tokens?: number };
        if (event.type !== 'text') return;
        if ((event.tokens ?? 0) < lastTokens) texts += 1;
        lastTokens = event.tokens ?? 0;
        if (texts === 1) stop.abort();
      },
    });
    expect(stopped).toMatchObject({ status: 130, result: { code: 'task/cancelled' } });
    const info = await run(story('info', '--json'));
    const words = (info.result['scenes'] as { words: number }[]).map((scene) => scene.words);
    expect(words[0]).toBeGreaterThan(0);
    expect(words[1]).toBe(0);
    expect((await run(story('complete', '--max-tokens', '12', '--json'))).result).toMatchObject({
      written_scenes: [1],
    });
  });

  test('Chinese scenes are written by a model that writes Chinese', async () => {
    const { run, story } = await tale('chinese');
    const written = await run(story('write', '1', '--seed', '3', '--max-tokens', '24', '--json'));
    expect(written.result).toMatchObject({ status: 'success', model: 'minimind2-small' });
    expect(written.result['content']).toMatch(/\p{Script=Han}{4}/u);
  });

  test('a question about a picture says which models could answer, and fails typed', async () => {
    const { run, story } = await tale();
    expect(await run(story('ask', '1', 'Who is there?', '--json'))).toMatchObject({
      status: 1,
      result: { code: 'image/not-found' },
    });
    await run(story('scene', 'add', 'Seen', '-i', picture('glowing-forest')));
    const asked = await run(story('ask', '3', 'Who is there?', '--json'));
    expect(asked).toMatchObject({ status: 3, result: { status: 'error', code: 'task/no-route' } });
    expect(asked.result['details']).toMatchObject({ install: expect.arrayContaining(['blip2-opt-2.7b']) });
    const told = await run(story('ask', '3', 'Who is there?', '--ui', 'zh'));
    expect(told.err).toMatch(/已安装的模型都做不到[\s\S]*blip2[\s\S]*models list/);
  });
});

describe('choosing pictures', () => {
  test('from a folder: best first by meaning, imported only when asked to', async () => {
    const { root, run, story } = await tale();
    const pool = join(root, 'pool');
    mkdirSync(pool);
    for (const [from, to] of [
      ['glowing-forest', 'glowing-forest'],
      ['mountain-village', 'mountain-village'],
      ['cave-gate', 'dark-cave'],
    ] as const) {
      cpSync(picture(from), join(pool, `${to}.jpg`));
    }
    writeFileSync(join(pool, 'notes.txt'), 'not a picture');
    const ranked = await run(story('illustrate', '1', '--pool', pool, '--top', '2', '--json'));
    expect(ranked.result).toMatchObject({
      status: 'success',
      illustrations: [{ index: 1, file: 'glowing-forest.jpg' }, {}],
    });
    expect((await run(story('info', '--json'))).result['pictures']).toEqual([]);
    await run(story('illustrate', '1', '--pool', pool, '--top', '1', '--add'));
    expect((await run(story('info', '--json'))).result['pictures']).toEqual([
      expect.stringMatching(/^glowing-forest-/),
    ]);
  });

  test('an empty folder and a missing one are told apart', async () => {
    const { root, run, story } = await tale();
    mkdirSync(join(root, 'empty'));
    expect((await run(story('illustrate', '1', '--pool', 'empty', '--json'))).result).toMatchObject({
      code: 'task/nothing-to-rank',
    });
    expect((await run(story('illustrate', '1', '--pool', 'nowhere', '--json'))).result['code']).toMatch(
      /^disk\/|^project\//,
    );
  });
});

describe('taking stories in and out', () => {
  test('a saved story comes back as a new story with its texts and pictures', async () => {
    const { root, run } = createCli();
    cpSync(sampleFolder('zh'), join(root, 'sample'), { recursive: true });
    await run(['--story', 'sample', 'save', 'out/story.json']);
    const loaded = await run(['load', 'out/story.json', '--in', 'again', '--json']);
    expect(loaded.result).toMatchObject({ status: 'success', scenes: 6, characters: 3, left_out: [] });
    await run(['--story', String(loaded.result['folder']), 'save', 'again.json']);
    const [first, second] = ['out/story.json', 'again.json'].map((file) =>
      JSON.parse(readFileSync(join(root, file), 'utf8')),
    );
    const withoutPaths = (state: object) =>
      JSON.parse(
        JSON.stringify(state).replaceAll(/"[^"]*\/images\/([^"]*?)(?:-[0-9a-f]{8})+\.jpg"/g, '"$1"'),
      );
    expect(withoutPaths(second)).toEqual(withoutPaths(first));
  });

  test.each([
    ['not JSON', '{', 'project/damaged'],
    ['another shape', '{"title": 3, "scenes": "x"}', 'input/invalid'],
    ['no language of ours', '{"title": "T", "language": "klingon"}', 'input/invalid'],
    ['nested without end', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'project/damaged'],
  ])('a file that is no saved story (%s) is refused and leaves nothing', async (_what, content, code) => {
    const { root, run } = createCli();
    writeFileSync(join(root, 'bad.json'), content);
    expect((await run(['load', 'bad.json', '--json'])).result).toMatchObject({ status: 'error', code });
    expect(readdirSync(root).filter((name) => name !== 'data')).toEqual(['bad.json']);
  });

  test('hostile names and paths in a saved story stay inside the new story', async () => {
    const { root, run } = createCli();
    const state = {
      title: '../../evil',
      characters: JSON.parse(
        '{"__proto__": {"description": "x"}, "A": {"description": "b", "image": "../../../etc/passwd"}}',
      ),
      scenes: [{ description: 'd', image: '/etc/hostname', content: 'a\r\nb' }],
      language: 'english',
    };
    writeFileSync(join(root, 'evil.json'), JSON.stringify(state));
    const { result } = await run(['load', 'evil.json', '--in', 'in', '--json']);
    expect(result).toMatchObject({ status: 'success', left_out: ['passwd', 'hostname'] });
    expect(String(result['folder']).startsWith(join(root, 'in'))).toBe(true);
    expect(readdirSync(join(root, 'in'))).toHaveLength(1);
  });

  test('saving never replaces a file that is no saved story', async () => {
    const { root, run, story } = await tale();
    writeFileSync(join(root, 'mine.json'), '{"mine": true}');
    expect((await run(story('save', 'mine.json', '--json'))).result).toMatchObject({ code: 'input/invalid' });
    expect(readFileSync(join(root, 'mine.json'), 'utf8')).toBe('{"mine": true}');
    expect((await run(story('save', 'a.json'))).status).toBe(0);
    expect((await run(story('save', 'a.json'))).status).toBe(0);
  });

  test('the book is written into a new folder', async () => {
    const { root, run } = createCli();
    cpSync(sampleFolder('en'), join(root, 'sample'), { recursive: true });
    const { result } = await run([
      '--story',
      'sample',
      'export',
      '--format',
      'honkit',
      '--to',
      'books',
      '--json',
    ]);
    expect(result).toMatchObject({ status: 'success', left_out: [] });
    expect(readdirSync(String(result['folder']))).toEqual(
      expect.arrayContaining(['README.md', 'SUMMARY.md', 'images']),
    );
  });

  test('the sample story is opened and closed without a byte of it changing', async () => {
    const { root, run } = createCli();
    const folder = join(root, 'sample');
    cpSync(sampleFolder('zh'), folder, { recursive: true });
    const read = () =>
      Object.fromEntries(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter(
            (entry) =>
              entry.isFile() && !entry.parentPath.includes('.storyloom') && !entry.name.startsWith('.'),
          )
          .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'base64')]),
      );
    const before = read();
    expect(await run(['load', 'sample'])).toMatchObject({
      status: 0,
      out: expect.stringContaining('水晶守护者'),
    });
    expect(read()).toEqual(before);
  });
});

describe('the command line itself', () => {
  test.each([
    ['en', 'Usage:', "unknown command 'bogus'"],
    ['zh', '用法：', '没有命令 “bogus”'],
  ] as const)(
    'help and usage errors are in the language asked for (%s)',
    async (language, usage, unknown) => {
      const { run } = createCli();
      const help = await run(['--ui', language, '--help']);
      expect(help).toMatchObject({ status: 0, out: expect.stringContaining(usage) });
      const wrong = await run(['--ui', language, 'bogus']);
      expect(wrong).toMatchObject({ status: 2, err: expect.stringContaining(unknown) });
    },
  );

  test('a usage error is one document with --json', async () => {
    const { run } = createCli();
    const wrong = await run(['--json', 'write']);
    expect(wrong).toMatchObject({ status: 2, err: '', result: { status: 'error', code: 'input/invalid' } });
    expect(wrong.documents).toHaveLength(1);
  });

  test('a folder without a story, and a scene that is not there', async () => {
    const { run, story } = await tale();
    expect((await run(['--story', 'nowhere', 'info', '--json'])).result).toMatchObject({
      code: 'project/not-found',
    });
    expect((await run(['--story', '.', 'info', '--json'])).result).toMatchObject({
      code: 'project/not-a-story',
    });
    expect(await run(story('write', '9', '--json'))).toMatchObject({
      status: 2,
      result: { code: 'input/invalid' },
    });
  });

  test('the models and what they can do are listed', async () => {
    const { run } = createCli();
    const { result } = await run(['models', 'list', '--json']);
    expect(result['models']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'stories15m', state: 'installed', languages: ['en'] }),
      ]),
    );
    expect((await run(['models', 'install', 'gpt-9', '--json'])).result).toMatchObject({
      code: 'model/unknown',
    });
  });

  test("the specification's configuration loads unchanged: what cannot run is told, a folder is taken in", async () => {
    const { root, run } = createCli();
    vi.stubEnv('STORYLOOM_MODELS', join(root, 'models'));
    const model = (type: string, path: string) => ({ type, path, enabled: true });
    const configure = async (models: Record<string, unknown>, ...more: string[]) => {
      const config = { models, system: { max_memory_usage: 0.9, default_language: 'english' } };
      writeFileSync(join(root, 'config.json'), JSON.stringify(config));
      return run(['--config', 'config.json', 'models', 'list', ...more]);
    };
    const listed = await configure({
      clip: model('clip', 'openai/clip-vit-large-patch14'),
      blip2: model('blip2', 'Salesforce/blip2-opt-2.7b'),
      llava: model('llava', 'llava-hf/llava-1.5-7b'),
      'qwen-vl': model('qwen-vl', 'Qwen/Qwen-VL'),
    });
    expect(listed.status).toBe(0);
    expect(listed.err).toMatch(
      /"clip" \(clip-vit-large-patch14\)[\s\S]*"llava" \(llava-1.5-7b\)[\s\S]*"qwen-vl".*successor/,
    );

    await writeModelFolder(join(root, 'own-clip'), 'own-clip');
    const own = await configure({ mine: model('clip', 'own-clip') }, '--json');
    expect(own.result['models']).toContainEqual(expect.objectContaining({ id: 'own-clip', type: 'clip' }));
    for (const [models, message] of [
      [{ a: model('clip', 'no/such') }, /models\.a\.path: .*neither a model of the catalogue nor a folder/],
      [{ a: model('llava', 'own-clip') }, /models\.a\.type: own-clip is of type clip/],
      [{ a: model('gpt', 'x') }, /models\.a\.type: use one of "clip", "blip2", "llava", "qwen-vl"/],
    ] as const) {
      expect((await configure(models, '--json')).result).toMatchObject({
        code: 'input/invalid',
        message: expect.stringMatching(message),
      });
    }
  });

  test('snapshots keep the story as it is', async () => {
    const { run, story } = await tale();
    expect((await run(story('snapshot', 'first', '--json'))).result).toMatchObject({
      snapshot: { name: 'first', scenes: 2, reason: 'manual' },
    });
  });

  test('the launcher runs it on any Node, and Ctrl-C keeps what was written', async () => {
    const { root, run, story } = await tale();
    const launcher = join(import.meta.dirname, '../../electron/cli/storyloom.mjs');
    const version = spawnSync(process.execPath, [launcher, '--version'], { encoding: 'utf8' });
    expect(version).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    const child = spawn(
      process.execPath,
      [
        launcher,
        '--data-folder',
        join(root, 'data'),
        '--story',
        'Tale',
        'write',
        '1',
        '--max-tokens',
        '200',
        '--seed',
        '1',
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let shown = '';
    child.stdout.on('data', (data: Buffer) => {
      shown += String(data);
      if (shown.length > 40 && !child.killed) child.kill('SIGINT');
    });
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(130);
    const info = await run(story('info', '--json'));
    expect((info.result['scenes'] as { words: number }[])[0]?.words).toBeGreaterThan(0);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, readdir, readFile, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createProjectsService } from '#electron/services/studio/projects.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Migration } from '#shared/story/migrations/index.ts';
import { act, addScene, Desk, manifestOf, sceneFile, type } from '../support/storyDesk.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/projects/${name}`, import.meta.url));
const v1 = fixture('v1');

async function copied(desk: Desk, from: string): Promise<string> {
  const folder = join(desk.storiesFolder, 'copy');
  await mkdir(desk.storiesFolder, { recursive: true });
  await cp(from, folder, { recursive: true });
  return folder;
}

describe('two openers', () => {
  test('the second may read and is told why; it follows what the first saves', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const first = await desk.open(folder);
    const id = await addScene(first.session, { text: 'One.' });
    await first.session.save();
    const second = await desk.open(folder);
    expect(second.opened.readOnly).toBe('open-elsewhere');
    await expect(act(second.session, { kind: 'story.update', patch: { title: 'No' } })).rejects.toMatchObject(
      {
        code: 'project/read-only',
      },
    );
    await type(first.session, id, ' Two.');
    await first.session.save();
    await (second.session as unknown as { reconcile(): Promise<void> }).reconcile();
    expect((await second.session.readTexts([id])).get(id)).toBe('One. Two.');
  });

  test('a window that is reloaded gets its story back; one beside it may only read', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const sessions = desk.sessions();
    const first = await sessions.open(folder);
    const window = new AbortController();
    const following = sessions.get(first.sessionId).events(window.signal);
    const waiting = following.next();
    expect(await sessions.open(folder)).toMatchObject({ readOnly: 'open-elsewhere' });
    window.abort();
    await waiting;
    expect(await sessions.open(folder)).toMatchObject({ sessionId: first.sessionId, readOnly: null });
  });

  test('the lock of a killed process, and of one whose number was given to another, is taken over', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const { pid } = child;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = { id: 'other', pid, host: hostname(), processStart: '1', at: '2026-01-01T00:00:00Z' };
    await mkdir(join(folder, '.storyloom'), { recursive: true });
    for (const one of [lock, ...(process.platform === 'linux' ? [{ ...lock, pid: process.pid }] : [])]) {
      await writeFile(join(folder, '.storyloom/lock.json'), JSON.stringify(one));
      const { opened, sessions } = await desk.open(folder);
      expect(opened.readOnly).toBeNull();
      await sessions.closeAll();
    }
  });

  test('another machine keeps its lock while its heart beats, and loses it when it stops', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const path = join(folder, '.storyloom/lock.json');
    await writeFile(
      path,
      JSON.stringify({ id: 'other', pid: 1, host: 'another machine', processStart: '', at: '' }),
    );
    expect((await desk.open(folder)).opened.readOnly).toBe('open-elsewhere');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path, longAgo, longAgo);
    expect((await desk.open(folder)).opened.readOnly).toBeNull();
  });

  test('who lost the lock to another does not write any more', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const first = await desk.open(folder);
    const id = await addScene(first.session, { text: 'Kept.' });
    await first.session.save();
    await unlink(join(folder, '.storyloom/lock.json'));
    const second = await desk.open(folder);
    expect(second.opened.readOnly).toBeNull();
    await type(first.session, id, ' Late.');
    await expect(first.session.save()).rejects.toMatchObject({ code: 'project/read-only' });
    expect(first.session.readOnly).toBe('open-elsewhere');
    expect(await readFile(join(folder, await sceneFile(folder, 'arrival')), 'utf8')).not.toContain('Late');
  });
});

describe('versions', () => {
  test('a story of version 1 opens as it was written, and opening writes none of its files', async () => {
    await using desk = new Desk();
    const folder = await copied(desk, v1);
    const { session, sessions, opened } = await desk.open(folder);
    expect(opened).toMatchObject({ readOnly: null, notices: [{ kind: 'missing-image' }] });
    const scenes = Object.values(session.story.scenes);
    const texts = await session.readTexts(scenes.map(({ id }) => id));
    expect(session.story).toMatchObject({
      title: 'The Lamp 灯',
      author: 'Ana',
      language: 'en',
      secondLanguage: 'zh',
    });
    expect(Array.from(texts.values())).toEqual(
      expect.arrayContaining(['The lamp went out.\n', '灯灭了。\n']),
    );
    expect(scenes.find(({ lang }) => lang === 'zh')?.extra).toEqual({ weather: 'rain' });
    await sessions.closeAll();
    for (const name of [
      'story.json',
      'images/index.jsonl',
      ...(await readdir(join(v1, 'scenes'))).map((file) => `scenes/${file}`),
    ]) {
      expect(await readFile(join(folder, name), 'utf8')).toBe(await readFile(join(v1, name), 'utf8'));
    }
  });

  test('a newer story can be read, not written, and is left byte for byte', async () => {
    await using desk = new Desk();
    const folder = await copied(desk, v1);
    const path = join(folder, 'story.json');
    const newer = JSON.stringify({ ...(await manifestOf(folder)), format: 99, future: [1] });
    await writeFile(path, newer);
    const { session, sessions, opened } = await desk.open(folder);
    expect(opened.readOnly).toBe('newer-version');
    await expect(act(session, { kind: 'story.update', patch: { title: 'No' } })).rejects.toMatchObject({
      code: 'project/read-only',
    });
    await sessions.closeAll();
    expect(await readFile(path, 'utf8')).toBe(newer);
  });

  const renaming: readonly Migration[] = [
    {
      to: 1,
      why: 'Version 0 called the title a name',
      up: (files) => {
        const { name, ...manifest } = JSON.parse(files.get('story.json') ?? '{}') as { name: string };
        const scenes = Array.from(
          files,
          ([path, text]) => [path, text.replace('heading:', 'title:')] as const,
        );
        return new Map([...scenes, ['story.json', JSON.stringify({ ...manifest, title: name })]]);
      },
    },
  ];

  async function versionZero(desk: Desk): Promise<string> {
    const folder = await copied(desk, v1);
    const { title, ...manifest } = await manifestOf(folder);
    for (const name of await readdir(join(folder, 'scenes'))) {
      const path = join(folder, 'scenes', name);
      await writeFile(path, (await readFile(path, 'utf8')).replace('title:', 'heading:'));
    }
    await writeFile(join(folder, 'story.json'), JSON.stringify({ ...manifest, format: 0, name: title }));
    return folder;
  }

  test('an older story is migrated after a snapshot of it as it was', async () => {
    await using desk = new Desk();
    const folder = await versionZero(desk);
    const { session, opened } = await desk.open(folder, { migrations: renaming });
    expect(opened.notices).toContainEqual(expect.objectContaining({ kind: 'migrated', from: 0 }));
    expect(session.story.title).toBe('The Lamp 灯');
    expect(Object.values(session.story.scenes).map(({ title }) => title)).toContain('Dark');
    expect(await manifestOf(folder)).toMatchObject({ format: 1, title: 'The Lamp 灯' });
    expect((await session.snapshots.list()).map(({ reason }) => reason)).toContain('migration');
  });

  test('a migration cut off half way begins again from the snapshot', async () => {
    await using desk = new Desk();
    const folder = await versionZero(desk);
    const failing: Migration[] = [
      {
        to: 1,
        why: 'Fails',
        up: () => {
          throw new Error('power cut');
        },
      },
    ];
    await expect(desk.open(folder, { migrations: failing })).rejects.toThrow('power cut');
    const [scene] = await readdir(join(folder, 'scenes'));
    await writeFile(join(folder, 'scenes', String(scene)), 'half a file');
    const { session } = await desk.open(folder, { migrations: renaming });
    expect(
      Object.values(session.story.scenes)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual(['Dark', '黑暗']);
  });
});

describe('what is no sound story', () => {
  test.each([
    ['an empty file', ''],
    ['no JSON', '{"outline": ['],
    ['a list', '[]'],
    ['nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a prototype', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
    ['wrong types', '{"id":7,"title":[],"outline":{"a":1},"trash":"x","files":[3],"format":"one"}'],
  ])('a manifest that is damaged by %s is rebuilt from the files', async (_name, text) => {
    await using desk = new Desk();
    const folder = await copied(desk, v1);
    await writeFile(join(folder, 'story.json'), text);
    const { session, sessions, opened } = await desk.open(folder);
    expect(opened.notices).toContainEqual({ kind: 'manifest-rebuilt' });
    const ids = session.story.outline.map(({ id }) => session.story.scenes[id as never]?.['title']);
    expect(ids).toEqual(['Dark', '黑暗']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await session.save();
    await sessions.closeAll();
    expect((await desk.open(folder)).opened.notices).not.toContainEqual({ kind: 'manifest-rebuilt' });
  });

  test.each([
    [
      'an alias bomb',
      `id: x\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map(
          (key, at) =>
            `${key}: &${key} [${Array(9)
              .fill(`*${'abcdefghi'[at] ?? 'a'}`)
              .join()}]`,
        )
        .join('\n')}`,
    ],
    ['nesting', `a: ${'['.repeat(5_000)}`],
    ['nested lists', `a:\n ${'- '.repeat(5_000)}x`],
    ['a list as a head', '- a\n- b'],
    ['code', 'a: !!js/function "function () { globalThis.hacked = true }"\nb: ['],
    ['a head without end', null],
  ])('a scene that is damaged by %s is told, and the other one opens', async (_name, head) => {
    await using desk = new Desk();
    const folder = await copied(desk, v1);
    const file = await sceneFile(folder, 'dark');
    await writeFile(join(folder, file), head === null ? '---\ntitle: x\n' : `---\n${head}\n---\n\nBody`);
    const { session, opened } = await desk.open(folder);
    expect(opened.notices).toContainEqual(expect.objectContaining({ kind: 'damaged-file', file }));
    const texts = await session.readTexts(Object.values(session.story.scenes).map(({ id }) => id));
    expect(Array.from(texts.values()).toSorted()).toEqual(['', '灯灭了。\n']);
    expect('hacked' in globalThis).toBe(false);
  });

  test('links out of the folder are not followed', async () => {
    await using desk = new Desk();
    const folder = await copied(desk, v1);
    const secret = join(desk.root, 'secret.md');
    await writeFile(secret, 'secret');
    await symlink(secret, join(folder, 'scenes/999-link.md'));
    const { session } = await desk.open(folder);
    expect(Object.keys(session.story.scenes)).toHaveLength(2);
  });

  test('folders that are no story fail typed', async () => {
    await using desk = new Desk();
    await mkdir(desk.storiesFolder, { recursive: true });
    await expect(desk.open(desk.storiesFolder)).rejects.toMatchObject({ code: 'project/not-a-story' });
    await expect(desk.open(join(desk.root, 'nowhere'))).rejects.toMatchObject({ code: 'project/not-found' });
    expect(await readdir(desk.storiesFolder)).toEqual([]);
  });
});

describe('the list of stories', () => {
  const service = (desk: Desk) =>
    createProjectsService({
      sessions: desk.sessions(),
      userDataFolder: desk.userDataFolder,
      defaultStoriesFolder: desk.storiesFolder,
      samplesFolder: fixture('..'),
      host: {
        info: () => {
          throw new AppError('host/unsupported', 'No host');
        },
        chooseFolder: () => Promise.resolve(null),
        chooseFile: () => Promise.resolve(null),
        reveal: () => Promise.resolve(),
        openLink: () => Promise.resolve(),
      },
    });

  test('remembers what was opened, latest first, and forgets what it is told to', async () => {
    await using desk = new Desk();
    const projects = service(desk);
    const one = await projects.create({ title: 'One', language: 'en', parentFolder: null });
    const two = await projects.create({ title: '第二个故事：雨', language: 'zh', parentFolder: null });
    expect(two.folder.endsWith('第二个故事：雨')).toBe(true);
    await projects.close({ sessionId: one.sessionId });
    expect((await projects.recent()).map(({ title, exists }) => [title, exists])).toEqual([
      ['One', true],
      ['第二个故事：雨', true],
    ]);
    await projects.forget({ folder: one.folder });
    expect((await projects.recent()).map(({ title }) => title)).toEqual(['第二个故事：雨']);
    await expect(projects.create({ title: 'One', language: 'en', parentFolder: null })).rejects.toMatchObject(
      { code: 'project/exists' },
    );
    await writeFile(join(desk.userDataFolder, 'recent-stories.json'), '{"stories":');
    expect(await projects.recent()).toEqual([]);
  });
});

test('a folder that may only be read opens read-only', async ({ onTestFinished }) => {
  await using desk = new Desk();
  const folder = await copied(desk, v1);
  await chmod(folder, 0o555);
  onTestFinished(() => chmod(folder, 0o755).catch(() => undefined));
  const { opened } = await desk.open(folder);
  const mayWriteAnyway = process.getuid?.() === 0;
  expect(opened.readOnly).toBe(mayWriteAnyway ? null : 'folder-read-only');
  await chmod(folder, 0o755);
});

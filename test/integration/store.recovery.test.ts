import { appendFile, cp, mkdir, readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Session } from '#electron/services/studio/session.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { act, addScene, Desk, sceneFile, type } from '../support/storyDesk.ts';

/** What a power cut or kill -9 leaves: copies of the folders as they are now, without the lock of a living process. */
async function crash(desk: Desk, folder: string): Promise<{ folder: string; desk: Desk }> {
  const after = new Desk();
  await cp(desk.userDataFolder, after.userDataFolder, { recursive: true });
  await mkdir(after.storiesFolder, { recursive: true });
  const copy = join(after.storiesFolder, 'crashed');
  await cp(folder, copy, { recursive: true });
  await unlink(join(copy, '.storyloom/lock.json'));
  const journals = join(after.userDataFolder, 'journals');
  for (const name of await readdir(journals)) {
    for (const file of await readdir(join(journals, name))) {
      const path = join(journals, name, file);
      const text = await readFile(path, 'utf8');
      if (text.includes(folder)) await rewriteStart(path, text);
    }
  }
  return { folder: copy, desk: after };
}

/** The crashed copy lies elsewhere: it is found by the story's id, as a moved folder is. */
async function rewriteStart(path: string, text: string): Promise<void> {
  const { crc32 } = await import('node:zlib');
  const lines = text.split('\n').map((line) => {
    const record: unknown = line === '' ? null : JSON.parse(line.slice(9));
    if (typeof record !== 'object' || record === null || !('folder' in record)) return line;
    const json = JSON.stringify({ ...record, folder: '/gone' });
    return `${crc32(json).toString(16).padStart(8, '0')} ${json}`;
  });
  await writeFile(path, lines.join('\n'));
}

const textOf = async (session: Session, id: SceneId) => (await session.readTexts([id])).get(id);

test('what was typed and not saved is put back, and the state before is kept', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session } = await desk.open(folder);
  const id = await addScene(session, { text: 'Saved.' });
  await session.save();
  await type(session, id, ' Typed.');
  const added = await addScene(session, { title: 'New one', text: 'New words.' });
  await act(session, { kind: 'story.update', patch: { title: 'New title' } });

  const after = await crash(desk, folder);
  await using _ = after.desk;
  const again = await after.desk.open(after.folder);
  expect(again.opened.notices).toMatchObject([{ kind: 'recovered', commands: 3 }]);
  expect(await textOf(again.session, id)).toBe('Saved. Typed.');
  expect(await textOf(again.session, added)).toBe('New words.');
  expect(again.session.story.title).toBe('New title');
  const [notice] = again.opened.notices;
  const kept = await again.session.snapshots.read(notice?.kind === 'recovered' ? notice.snapshotId : '');
  expect(kept.scenes[id]?.text).toBe('Saved.');
  await again.session.close();

  const last = await after.desk.open(after.folder);
  expect(last.opened.notices).toEqual([]);
  expect(await textOf(last.session, id)).toBe('Saved. Typed.');
});

test('a saved story has nothing to recover', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session } = await desk.open(folder);
  const id = await addScene(session, { text: 'Saved.' });
  await type(session, id, ' Too.');
  await session.save();
  const after = await crash(desk, folder);
  await using _ = after.desk;
  const again = await after.desk.open(after.folder);
  expect(again.opened.notices).toEqual([]);
  expect(await textOf(again.session, id)).toBe('Saved. Too.');
});

test('a torn record at the end costs only itself', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session } = await desk.open(folder);
  const id = await addScene(session, { text: 'Saved.' });
  await session.save();
  await type(session, id, ' One.');
  await type(session, id, ' Two.');
  const after = await crash(desk, folder);
  await using _ = after.desk;
  const [name] = await readdir(join(after.desk.userDataFolder, 'journals'));
  const journal = join(after.desk.userDataFolder, 'journals', String(name));
  const [file] = (await readdir(journal)).toReversed();
  const path = join(journal, String(file));
  await truncate(path, (await readFile(path)).length - 5);
  await appendFile(path, 'garbage\n');
  const again = await after.desk.open(after.folder);
  expect(await textOf(again.session, id)).toBe('Saved. One.');
});

describe('a save cut off between its files', () => {
  test('the scene is new, the manifest old: nothing is applied twice', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const { session } = await desk.open(folder);
    const id = await addScene(session, { text: 'aaa' });
    await session.save();
    const manifest = await readFile(join(folder, 'story.json'));
    await type(session, id, 'aaa');
    const before = await crash(desk, folder);
    await using _ = before.desk;
    await session.save();
    const path = await sceneFile(folder, 'arrival');
    await cp(join(folder, path), join(before.folder, path));
    await writeFile(join(before.folder, 'story.json'), manifest);
    const again = await before.desk.open(before.folder);
    expect(await textOf(again.session, id)).toBe('aaaaaa');
    await again.session.save().catch(() => undefined);
    expect(await textOf(again.session, id)).toBe('aaaaaa');
  });

  test('the file was changed by somebody else after the crash: neither text is lost', async () => {
    await using desk = new Desk();
    const folder = await desk.story();
    const { session } = await desk.open(folder);
    const id = await addScene(session, { text: 'Base.' });
    await session.save();
    await type(session, id, ' Mine.');
    const after = await crash(desk, folder);
    await using _ = after.desk;
    const path = join(after.folder, await sceneFile(folder, 'arrival'));
    await writeFile(path, (await readFile(path, 'utf8')).replace('Base.', 'Theirs.'));
    const again = await after.desk.open(after.folder);
    expect(await textOf(again.session, id)).toBe('Base. Mine.');
    await expect(again.session.save()).rejects.toMatchObject({ code: 'story/conflict' });
    expect(await readFile(path, 'utf8')).toContain('Theirs.');
  });
});

test('leftovers of a crash are swept at opening', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  await writeFile(join(folder, 'scenes/.010-x.md.abcdef01.storyloom-tmp'), 'half');
  await desk.open(folder);
  expect(await readdir(join(folder, 'scenes'))).toEqual([]);
});

import { readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SceneId } from '#shared/story/ids.ts';
import { act, addScene, Desk, nextEvent, sceneFile, type } from '../support/storyDesk.ts';

async function opened(desk: Desk, texts: readonly string[], watch = false) {
  const folder = await desk.story();
  const { session } = await desk.open(folder, { watch });
  const ids: SceneId[] = [];
  for (const [at, text] of texts.entries())
    ids.push(await addScene(session, { title: `Scene ${String(at)}`, text }));
  await session.save();
  const path = async (at: number) => join(folder, await sceneFile(folder, `scene-${String(at)}`));
  return { folder, session, ids, path };
}

const replaceIn = async (path: string, from: string, to: string) =>
  writeFile(path, (await readFile(path, 'utf8')).replace(from, to));

describe.each([true, false])('outside changes, watched: %s', (watch) => {
  test('a scene without unsaved changes is read again and the windows are told', async () => {
    await using desk = new Desk();
    const { session, ids, path } = await opened(desk, ['Before.'], watch);
    const stop = new AbortController();
    const events = session.events(stop.signal);
    const told = nextEvent(events, 'outside-change');
    await replaceIn(await path(0), 'Before.', 'After.');
    if (!watch) await (session as unknown as { reconcile(): Promise<void> }).reconcile();
    expect(await told).toMatchObject({ commands: [{ kind: 'text.edit', id: ids[0] }] });
    expect(session.story.scenes[ids[0] as SceneId]?.text).toBe('After.');
    stop.abort();
  });

  test('a scene with unsaved changes becomes a conflict; both versions are kept', async () => {
    await using desk = new Desk();
    const { folder, session, ids, path } = await opened(desk, ['Before.'], watch);
    const [id] = ids as [SceneId];
    const stop = new AbortController();
    const events = session.events(stop.signal);
    const told = nextEvent(events, 'conflict');
    const file = await path(0);
    await type(session, id, ' Mine.');
    await replaceIn(file, 'Before.', 'Theirs.');
    await session.save().catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'story/conflict' }));
    const { conflict } = await told;
    expect(conflict).toMatchObject({ sceneId: id, mine: 'Before. Mine.', theirs: 'Theirs.' });
    expect(await readFile(join(folder, conflict.keptAs), 'utf8')).toContain('Theirs.');
    expect(await readFile(file, 'utf8')).toContain('Theirs.');

    await session.resolveConflict(id, 'Before. Theirs. Mine.');
    expect(await readFile(file, 'utf8')).toContain('Before. Theirs. Mine.');
    expect(session.story.scenes[id]?.text).toBe('Before. Theirs. Mine.');
    stop.abort();
  });
});

test('an unresolved conflict survives closing: the next opening has both texts', async () => {
  await using desk = new Desk();
  const { folder, session, ids, path } = await opened(desk, ['Before.']);
  const [id] = ids as [SceneId];
  await type(session, id, ' Mine.');
  await replaceIn(await path(0), 'Before.', 'Theirs.');
  await session.close();
  const again = await desk.open(folder);
  expect((await again.session.readTexts([id])).get(id)).toBe('Before. Mine.');
  await expect(again.session.save()).rejects.toMatchObject({ code: 'story/conflict' });
  expect(await readFile(await path(0), 'utf8')).toContain('Theirs.');
});

test('a touched file is no change', async () => {
  await using desk = new Desk();
  const { session, ids, path } = await opened(desk, ['Same.']);
  const file = await path(0);
  await writeFile(file, await readFile(file));
  const { revision } = session;
  await (session as unknown as { reconcile(): Promise<void> }).reconcile();
  expect(session.revision).toBe(revision);
  await type(session, ids[0] as SceneId, ' More.');
  await session.save();
  expect(await readFile(file, 'utf8')).toContain('Same. More.');
});

test('a new file becomes a scene behind its neighbour by name', async () => {
  await using desk = new Desk();
  const { folder, session, ids } = await opened(desk, ['a', 'b']);
  await writeFile(join(folder, 'scenes/015-between.md'), 'Plain markdown.\n');
  await session.close();
  const again = await desk.open(folder);
  expect(again.opened.notices).toEqual([{ kind: 'found-file', file: 'scenes/015-between.md' }]);
  const order = again.session.story.outline.map(({ id }) => id as SceneId);
  expect([order[0], order[2]]).toEqual(ids);
  expect(again.session.story.scenes[order[1] as SceneId]?.title).toBe('between');
  expect((await again.session.readTexts([order[1] as SceneId])).get(order[1] as SceneId)).toBe(
    'Plain markdown.\n',
  );
});

test('a deleted file puts its scene into the trash, with its text', async () => {
  await using desk = new Desk();
  const { session, ids, path } = await opened(desk, ['Keep me.', 'b']);
  const [id] = ids as [SceneId];
  const file = await path(0);
  await unlink(file);
  await (session as unknown as { reconcile(): Promise<void> }).reconcile();
  expect(session.story.trash).toMatchObject([{ kind: 'node', node: { id } }]);
  await session.save();
  expect(await readFile(file, 'utf8')).toContain('Keep me.');
});

test('a renamed file is the same scene', async () => {
  await using desk = new Desk();
  const { folder, session, ids, path } = await opened(desk, ['Words.']);
  const [id] = ids as [SceneId];
  await rename(await path(0), join(folder, 'scenes/renamed.md'));
  await (session as unknown as { reconcile(): Promise<void> }).reconcile();
  await type(session, id, ' More.');
  await session.save();
  expect(session.story.trash).toEqual([]);
  expect(await readFile(join(folder, 'scenes/renamed.md'), 'utf8')).toContain('Words. More.');
});

test.each([
  "scene-0-X (Ana's conflicted copy 2026-11-23).md",
  'scene-0-X.sync-conflict-20261123-101010-ABCDEFG.md',
  'scene-0-X 2.md',
  'scene-0-X-DESKTOP7.md',
])('a copy by a sync tool is a conflict, not a second scene: %s', async (pattern) => {
  await using desk = new Desk();
  const { folder, session, ids, path } = await opened(desk, ['Here.']);
  const [id] = ids as [SceneId];
  const file = await path(0);
  await session.close();
  const copy = file.replace(/[^/]+$/, '') + pattern.replace(/^scene-0-X/, file.replace(/^.*\/|\.md$/g, ''));
  await writeFile(copy, (await readFile(file, 'utf8')).replace('Here.', 'There.'));

  const again = await desk.open(folder);
  expect(Object.keys(again.session.story.scenes)).toEqual([id]);
  const stop = new AbortController();
  const { conflict } = await nextEvent(again.session.events(stop.signal), 'conflict');
  expect(conflict).toMatchObject({ mine: 'Here.', theirs: 'There.' });
  await again.session.resolveConflict(id, 'Here. There.');
  await again.session.close();
  const last = await desk.open(folder);
  expect(Object.keys(last.session.story.scenes)).toEqual([id]);
  expect((await last.session.readTexts([id])).get(id)).toBe('Here. There.');
  const kept = (await readdir(join(folder, 'scenes'))).filter((name) => name.includes('.conflict-'));
  expect(await readFile(join(folder, 'scenes', String(kept[0])), 'utf8')).toContain('There.');
  stop.abort();
});

test('a folder that vanishes fails typed, and the text is saved when it comes back', async () => {
  await using desk = new Desk();
  const { folder, session, ids, path } = await opened(desk, ['Here.']);
  const [id] = ids as [SceneId];
  const file = await path(0);
  await rename(folder, `${folder} away`);
  await type(session, id, ' Still here.');
  await expect(session.save()).rejects.toMatchObject({ code: 'project/vanished' });
  await rename(`${folder} away`, folder);
  await session.save();
  expect(await readFile(file, 'utf8')).toContain('Here. Still here.');
});

test('files that were removed behind our back are written again with the next change', async () => {
  await using desk = new Desk();
  const { folder, session, ids } = await opened(desk, ['Here.']);
  await rm(join(folder, 'scenes'), { recursive: true });
  await type(session, ids[0] as SceneId, ' Again.');
  await session.save();
  expect(await readFile(join(folder, await sceneFile(folder, 'scene-0')), 'utf8')).toContain('Here. Again.');
});

test('a manifest changed outside brings its order; one changed on both sides keeps ours and a copy of theirs', async () => {
  await using desk = new Desk();
  const { folder, session, ids } = await opened(desk, ['a', 'b']);
  const path = join(folder, 'story.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { outline: unknown[]; author: string };
  await writeFile(
    path,
    JSON.stringify({ ...manifest, outline: manifest.outline.toReversed(), author: 'Ana' }),
  );
  await (session as unknown as { reconcile(): Promise<void> }).reconcile();
  expect(session.story.outline.map(({ id }) => id)).toEqual(ids.toReversed());
  expect(session.story.author).toBe('Ana');

  await act(session, { kind: 'story.update', patch: { title: 'Ours' } });
  await writeFile(path, JSON.stringify({ ...manifest, title: 'Theirs' }));
  await session.save();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ title: 'Ours' });
  const kept = (await readdir(folder)).filter((name) => name.includes('.conflict-'));
  expect(await readFile(join(folder, String(kept[0])), 'utf8')).toContain('Theirs');
});

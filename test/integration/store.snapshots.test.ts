import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSnapshotsService } from '#electron/services/studio/snapshots.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { planChange } from '#shared/story/planChange.ts';
import { anyTries, emptyStory, play } from '../support/randomStory.ts';
import { act, addScene, Desk, sceneFile, type } from '../support/storyDesk.ts';

test('a restore drill: 100 of 100 snapshots come back exactly, from the disk', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session, sessions } = await desk.open(folder);
  const states = fc.sample(anyTries, { numRuns: 100, seed: 7 }).map((tries) => play(emptyStory, tries));
  const kept: { id: string; story: unknown }[] = [];
  for (const state of states) {
    const target = { ...state, id: session.story.id, extra: session.story.extra };
    const commands = planChange(session.story, target);
    if (commands.length > 0) await act(session, ...commands);
    if (kept.length % 3 === 0) await session.save();
    kept.push({ id: (await session.snapshots.create('', 'manual')).id, story: session.story });
  }
  await sessions.closeAll();

  const again = await desk.open(folder);
  const service = createSnapshotsService({ sessions: again.sessions });
  const sessionId = again.opened.sessionId;
  let exact = 0;
  for (const { id, story } of kept) {
    expect(await service.read({ sessionId, snapshotId: id })).toEqual(story);
    const { commands } = await service.planRestore({ sessionId, snapshotId: id, sceneIds: null });
    if (commands.length > 0) await act(again.session, ...commands);
    expect(again.session.story).toEqual(story);
    exact += 1;
  }
  expect(exact).toBe(100);
});

test('planRestore keeps the present state first, and may bring back single scenes', async () => {
  await using desk = new Desk();
  const { session, sessions, opened } = await desk.open(await desk.story());
  const service = createSnapshotsService({ sessions });
  const { sessionId } = opened;
  const one = await addScene(session, { text: 'one' });
  const two = await addScene(session, { text: 'two' });
  const { id: snapshotId } = await service.create({ sessionId, name: 'Good', reason: 'manual' });
  await type(session, one, ' changed');
  await type(session, two, ' changed');
  const { commands } = await service.planRestore({ sessionId, snapshotId, sceneIds: [two] });
  const restored = applyCommands(session.story, commands).story;
  expect([restored.scenes[one]?.text, restored.scenes[two]?.text]).toEqual(['one changed', 'two']);
  const [before] = await service.list({ sessionId });
  expect(before).toMatchObject({ reason: 'before-restore', scenes: 2 });
  expect((await service.read({ sessionId, snapshotId: String(before?.id) })).scenes[two]?.text).toBe(
    'two changed',
  );
});

test('a change leads to a snapshot in time, closing to another, and quiet to none', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder, { snapshotIntervalMs: 20 });
  await addScene(first.session, { text: 'words' });
  await expect
    .poll(async () => (await first.session.snapshots.list()).map(({ reason }) => reason))
    .toContain('interval');
  await first.sessions.closeAll();
  const second = await desk.open(folder);
  await type(second.session, Object.values(second.session.story.scenes)[0]?.id as never, ' more');
  await second.sessions.closeAll();
  const third = await desk.open(folder);
  const reasons = (await third.session.snapshots.list()).map(({ reason }) => reason);
  expect(reasons[0]).toBe('close');
  await third.sessions.closeAll();
  const fourth = await desk.open(folder);
  expect(await fourth.session.snapshots.list()).toHaveLength(reasons.length);
});

test('snapshots lie outside the story, store each file once, and a damaged one says so', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session } = await desk.open(folder);
  for (let at = 0; at < 20; at++)
    await addScene(session, { title: `S${String(at)}`, text: `Text ${String(at)}` });
  await session.save();
  await session.snapshots.create('', 'manual');
  const store = join(desk.userDataFolder, 'snapshots', session.story.id, 'files');
  const count = async () =>
    (await readdir(store, { recursive: true })).filter((name) => name.endsWith('.gz')).length;
  const before = await count();
  const info = await session.snapshots.create('', 'manual');
  expect(await count()).toBe(before);
  await type(session, Object.values(session.story.scenes)[0]?.id as never, '!');
  await session.save();
  const { id } = await session.snapshots.create('', 'manual');
  expect(await count()).toBe(before + 3);

  for (const name of await readdir(store, { recursive: true })) {
    if (name.endsWith('.gz')) await writeFile(join(store, name), 'rubbish');
  }
  await expect(session.snapshots.read(id)).rejects.toMatchObject({ code: 'snapshot/not-found' });
  await expect(session.snapshots.read(info.id)).rejects.toMatchObject({ code: 'snapshot/not-found' });
  await expect(session.snapshots.read('../../etc/passwd')).rejects.toMatchObject({
    code: 'snapshot/not-found',
  });
});

test('a damaged scene opens the rest, offers its snapshots, and its file is kept', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const first = await desk.open(folder);
  const bad = await addScene(first.session, { title: 'Bad', text: 'Rescued words.' });
  const good = await addScene(first.session, { title: 'Good', text: 'Fine.' });
  await first.sessions.closeAll();
  const path = await sceneFile(folder, 'bad');
  await writeFile(join(folder, path), Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe, 0x00]));

  const { session, sessions, opened } = await desk.open(folder);
  expect(opened.notices).toEqual([{ kind: 'damaged-file', file: path, sceneId: bad }]);
  expect(await session.readTexts([bad, good])).toEqual(
    new Map([
      [bad, ''],
      [good, 'Fine.'],
    ]),
  );
  const service = createSnapshotsService({ sessions });
  const { sessionId } = opened;
  const [latest] = await service.list({ sessionId });
  const { commands } = await service.planRestore({
    sessionId,
    snapshotId: String(latest?.id),
    sceneIds: [bad],
  });
  await act(session, ...commands);
  await session.save();
  expect(await readFile(join(folder, path), 'utf8')).toContain('Rescued words.');
  const kept = (await readdir(join(folder, 'scenes'))).filter((name) => name.includes('.conflict-'));
  expect((await readFile(join(folder, 'scenes', String(kept[0]))))[4]).toBe(0xff);
});

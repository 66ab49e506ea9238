import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { StoryFolder } from '#electron/services/studio/project/StoryFolder.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { killMany } from '../soak/kill.ts';
import { twoProcesses } from '../soak/twoProcesses.ts';
import { type Fault, FaultyDisk } from '../support/faultyDisk.ts';
import { act, addScene, Desk, type } from '../support/storyDesk.ts';

const faults: readonly Fault[] = ['kill', 'EIO', 'ENOSPC', 'EACCES', 'short', 'lying'];
const expectedCode: Readonly<Record<Fault, string>> = {
  kill: 'disk/failed',
  EIO: 'disk/failed',
  ENOSPC: 'disk/full',
  EACCES: 'disk/denied',
  short: '',
  lying: 'disk/failed',
};

async function temporaryFiles(folder: string): Promise<string[]> {
  const names = await Promise.all(
    ['.', 'scenes', 'characters', 'images'].map((part) => readdir(join(folder, part))),
  );
  return names.flat().filter((name) => name.endsWith('-tmp'));
}

describe('every call of a save', () => {
  test.each(faults)(
    'may fail with %s: nothing is damaged, nothing acknowledged is lost, nothing is left lying',
    async (fault) => {
      let points = 0;
      for (let at = 1; at < 200; at++) {
        await using desk = new Desk();
        const folder = await desk.story();
        const first = await desk.open(folder);
        const one = await addScene(first.session, { title: 'One', text: 'One.' });
        const two = await addScene(first.session, { title: 'Two', text: 'Two.' });
        await first.sessions.closeAll();

        const disk = new FaultyDisk(at, fault);
        const { session, sessions } = await desk.open(folder, { disk });
        await type(session, one, ' More.');
        await type(session, two, ' More.');
        const thrown = await session.save().then(
          () => null,
          (error: unknown) => AppError.from(error),
        );
        const files = await loadProject(createDiskSource(folder), { keepsTexts: true });
        for (const [id, before] of [
          [one, 'One.'],
          [two, 'Two.'],
        ] as const) {
          const text = files.story.scenes[id]?.text;
          expect([before, `${before} More.`]).toContain(text);
          if (thrown === null) expect(text).toBe(`${before} More.`);
        }
        expect(files.notices).toEqual([]);
        if (thrown && disk.hit) expect(thrown.code).toBe(expectedCode[fault]);
        if (disk.hit) points += 1;

        if (disk.isDead) {
          await rm(join(folder, '.storyloom/lock.json'));
          const again = await desk.open(folder);
          expect(await again.session.readTexts([one, two])).toEqual(
            new Map([
              [one, 'One. More.'],
              [two, 'Two. More.'],
            ]),
          );
          expect(await temporaryFiles(folder)).toEqual([]);
          await again.sessions.closeAll();
          continue;
        }
        expect(session.story.scenes[one]?.text).toBe('One. More.');
        disk.healed = true;
        await session.save();
        expect(await temporaryFiles(folder)).toEqual([]);
        await sessions.closeAll();
        const saved = await loadProject(createDiskSource(folder), { keepsTexts: true });
        expect([saved.story.scenes[one]?.text, saved.story.scenes[two]?.text]).toEqual([
          'One. More.',
          'Two. More.',
        ]);
        if (!disk.hit && fault !== 'short' && fault !== 'lying') break;
        if (!disk.hit && at > 60) break;
      }
      expect(points).toBeGreaterThanOrEqual(fault === 'short' || fault === 'lying' ? 3 : 25);
    },
  );
});

test('an empty text never replaces one that is not, unless the writer removed it', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session, sessions } = await desk.open(folder);
  const id = await addScene(session, { title: 'One', text: 'Precious.' });
  await sessions.closeAll();
  const loaded = await loadProject(createDiskSource(folder), { keepsTexts: true });
  const story = new StoryFolder(folder, loaded, { writer: 'emptytst', now: Date.now });
  const scene = loaded.story.scenes[id];
  if (!scene) throw new Error('The scene is gone');
  const emptied = { ...loaded.story, scenes: { [id]: { ...scene, text: '' } } };
  const request = { story: emptied, skip: new Set<SceneId>(), announce: () => Promise.resolve() };
  const path = join(folder, String(loaded.sceneFiles.get(id)));
  await expect(story.save({ ...request, emptied: new Set() })).rejects.toMatchObject({
    code: 'story/would-empty',
  });
  expect(await readFile(path, 'utf8')).toContain('Precious.');
  await story.save({ ...request, emptied: new Set([id]) });
  expect(await readFile(path, 'utf8')).not.toContain('Precious.');

  const again = await desk.open(folder);
  await type(again.session, id, 'New.');
  await again.session.save();
  const edits = [{ at: 0, removed: 'New.', inserted: '' }];
  await act(again.session, { kind: 'text.edit', id, edits });
  await again.session.save();
  expect(await readFile(path, 'utf8')).not.toContain('New.');
});

test('where the journal cannot be written, what is typed goes into the story at once', async () => {
  await using desk = new Desk();
  const folder = await desk.story();
  const { session } = await desk.open(folder);
  const id = await addScene(session, { title: 'One', text: 'One.' });
  await session.save();
  await rm(join(desk.userDataFolder, 'journals'), { recursive: true });
  await writeFile(join(desk.userDataFolder, 'journals'), 'in the way');
  await type(session, id, ' Two.');
  await type(session, id, ' Three.');
  const files = await loadProject(createDiskSource(folder), { keepsTexts: true });
  expect(files.story.scenes[id]?.text).toBe('One. Two. Three.');
});

test('a process killed while it types and saves loses nothing that it acknowledged', async () => {
  const report = await killMany(12);
  expect(report).toMatchObject({
    kills: 12,
    lostStories: 0,
    missingSaves: 0,
    missingWords: 0,
    temporaryFilesLeft: 0,
  });
  expect(report.acknowledgedSaves).toBeGreaterThan(0);
  expect(report.recoveries).toBeGreaterThan(0);
});

test('two processes that write one story in turns lose no update, and the second is told why it may only read', async () => {
  const report = await twoProcesses(13);
  expect(report).toMatchObject({ saves: 52, lostUpdates: 0 });
  expect(report.refused).toBeGreaterThan(0);
});

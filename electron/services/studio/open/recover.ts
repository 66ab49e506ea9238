import { equal } from '#shared/story/equal.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';
import { manifestPath, shellOf } from '../files/manifestFile.ts';
import type { JournalRecord } from '../journal/records.ts';
import { replay } from '../journal/replay.ts';
import { repairedShell } from '../project/repair.ts';
import type { StoryFolder } from '../project/StoryFolder.ts';

/** Work of a crash that was put back, or `null` where the files have it all. */
export interface Recovered {
  readonly story: Story;
  readonly commands: number;
  /** What `keepBefore` resolved to. */
  readonly snapshotId: string;
}

/**
 * Puts back what a journal holds and the files do not, after `keepBefore` has kept what the files hold. Where a file was changed by somebody else since, the folder is
 * told to treat it as a conflict, so that neither version is lost.
 */
export async function recover(
  folder: StoryFolder,
  story: Story,
  records: readonly JournalRecord[],
  keepBefore: (onDisk: Story) => Promise<string>,
): Promise<Recovered | null> {
  const onDisk = await withTexts(folder, story, records);
  const replayed = replay(onDisk, records);
  const merged = keepingFound(onDisk, replayed.story, records);
  const mine = sharingEqualParts(onDisk, merged);
  folder.saved = onDisk;
  if (mine === onDisk) return null;
  const snapshotId = await keepBefore(onDisk);
  for (const [path, hashes] of replayed.expected) {
    const found = folder.known.get(path)?.sha256 ?? null;
    if (hashes.has(found) || found === null || path === manifestPath) continue;
    const [before] = Array.from(hashes).filter((hash) => hash !== null);
    folder.accept(path, before ?? '');
  }
  return { story: mine, commands: replayed.commands, snapshotId };
}

async function withTexts(
  folder: StoryFolder,
  story: Story,
  records: readonly JournalRecord[],
): Promise<Story> {
  const scenes: Record<SceneId, Scene> = { ...story.scenes };
  for (const record of records) {
    if (record.t !== 'base' || record.part !== 'scene') continue;
    const scene = scenes[record.id];
    if (scene?.text !== null) continue;
    const { text } = await folder.readScene(record.id, story);
    scenes[record.id] = { ...scene, text, counts: countText(text) };
  }
  return { ...story, scenes };
}

/** Scenes and characters that the files have and no journaled command removed stay in the story. */
function keepingFound(onDisk: Story, replayed: Story, records: readonly JournalRecord[]): Story {
  const removed = new Set<string>(
    records.flatMap((record) =>
      record.t === 'do'
        ? record.commands.flatMap((command) =>
            command.kind === 'node.remove' || command.kind === 'character.remove' ? [command.id] : [],
          )
        : [],
    ),
  );
  const kept = <Value>(disk: Readonly<Record<string, Value>>, now: Readonly<Record<string, Value>>) => ({
    ...Object.fromEntries(Object.entries(disk).filter(([id]) => !removed.has(id))),
    ...now,
  });
  const scenes: Story['scenes'] = kept(onDisk.scenes, replayed.scenes);
  const characters: Story['characters'] = kept(onDisk.characters, replayed.characters);
  const { shell } = repairedShell(shellOf(replayed), {
    scenePaths: new Map(Object.values(scenes).map(({ id }, at) => [id, String(at).padStart(6, '0')])),
    characterIds: Object.values(characters).map(({ id }) => id),
    imageIds: new Set(Object.values(replayed.images).map(({ id }) => id)),
  });
  return { ...shell, id: replayed.id, scenes, characters, images: replayed.images };
}

/** `mine` with every part that equals the one on the disk being that very object; `onDisk` itself where all do. */
function sharingEqualParts(onDisk: Story, mine: Story): Story {
  const share = <Value>(disk: Readonly<Record<string, Value>>, now: Readonly<Record<string, Value>>) => {
    const shared = Object.fromEntries(
      Object.entries(now).map(([id, value]) => [id, equal(disk[id], value) ? (disk[id] as Value) : value]),
    );
    const isSame =
      Object.keys(disk).length === Object.keys(shared).length &&
      Object.entries(shared).every(([id, value]) => disk[id] === value);
    return isSame ? disk : shared;
  };
  const scenes = share(onDisk.scenes, mine.scenes);
  const characters = share(onDisk.characters, mine.characters);
  const images = share(onDisk.images, mine.images);
  const isSame =
    scenes === onDisk.scenes &&
    characters === onDisk.characters &&
    images === onDisk.images &&
    equal(shellOf(onDisk), shellOf(mine));
  return isSame ? onDisk : { ...mine, scenes, characters, images };
}

import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OpenNotice } from '#shared/contract/studio.ts';
import { createId } from '#shared/story/ids.ts';
import { type Migration, migrate } from '#shared/story/migrations/index.ts';
import { atomicSave, readIfThere, sha256 } from '../disk/atomicSave.ts';
import { decodeText, parseJson } from '../files/json.ts';
import { type LoadedProject, loadProject } from '../project/loadProject.ts';
import { createDiskSource, type ProjectSource } from '../project/projectSource.ts';
import type { SnapshotStore } from '../snapshot/SnapshotStore.ts';

interface MigrationPlace {
  readonly store: SnapshotStore;
  readonly userDataFolder: string;
  readonly isWritable: boolean;
}

/** Says that a migration began, from which version, and where the story before it is kept. */
const Begun = z.object({ from: z.number(), snapshotId: z.string() });

/**
 * A story of an older format, migrated. A copy is migrated, from a snapshot made first, and written file by file with
 * the manifest last; should the process die in between, the next opening starts again from that snapshot.
 */
export async function openMigrated(
  folder: string,
  first: LoadedProject,
  { store, userDataFolder, isWritable }: MigrationPlace,
  migrations: readonly Migration[],
): Promise<{ loaded: LoadedProject; migrated: Extract<OpenNotice, { kind: 'migrated' }> | null }> {
  const target = migrations.reduce((highest, { to }) => Math.max(highest, to), 0);
  if (first.format >= target) return { loaded: first, migrated: null };
  const disk = createDiskSource(folder);
  if (!isWritable) return { loaded: await loadMigrated(disk, first, migrations), migrated: null };

  const marker = join(userDataFolder, 'migrations', `${first.story.id}.json`);
  const writer = createId().slice(0, 8);
  const begun = Begun.safeParse(await readMarker(marker));
  const from = begun.success ? begun.data.from : first.format;
  const snapshotId = begun.success ? begun.data.snapshotId : await keepBefore(disk, first, store);
  if (!begun.success) {
    await fs.mkdir(join(userDataFolder, 'migrations'), { recursive: true });
    await atomicSave(marker, Buffer.from(JSON.stringify({ from, snapshotId })), { writer });
  }
  const before = await textsOf(await store.open(snapshotId));
  const after = migrate(before, from, migrations);
  const paths = Array.from(after.keys()).sort(
    (a, b) => Number(a === 'story.json') - Number(b === 'story.json'),
  );
  for (const path of paths) {
    await fs.mkdir(join(folder, path, '..'), { recursive: true });
    await atomicSave(join(folder, path), Buffer.from(after.get(path) ?? ''), { writer });
  }
  for (const path of before.keys()) if (!after.has(path)) await fs.rm(join(folder, path), { force: true });
  await fs.rm(marker, { force: true });
  const loaded = await loadProject(disk, { keepsTexts: false, storyId: first.story.id });
  return { loaded, migrated: { kind: 'migrated', from, snapshotId } };
}

async function readMarker(path: string): Promise<unknown> {
  const bytes = await readIfThere(path);
  try {
    return bytes && parseJson(bytes);
  } catch {
    return null;
  }
}

async function keepBefore(disk: ProjectSource, first: LoadedProject, store: SnapshotStore): Promise<string> {
  const files = new Map<string, { sha256: string; bytes: () => Promise<Buffer> }>();
  for (const path of (await disk.list()).keys()) {
    const bytes = await disk.read(path);
    files.set(path, { sha256: sha256(bytes), bytes: () => Promise.resolve(bytes) });
  }
  const scenes = Object.values(first.story.scenes);
  const words = scenes.reduce((sum, { counts }) => sum + counts.words, 0);
  const { id } = await store.create({ name: '', reason: 'migration', words, scenes: scenes.length, files });
  return id;
}

async function textsOf(source: ProjectSource): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of (await source.list()).keys()) texts.set(path, decodeText(await source.read(path)));
  return texts;
}

async function loadMigrated(
  disk: ProjectSource,
  first: LoadedProject,
  migrations: readonly Migration[],
): Promise<LoadedProject> {
  const after = migrate(await textsOf(disk), first.format, migrations);
  const memory: ProjectSource = {
    list: () =>
      Promise.resolve(
        new Map(Array.from(after, ([path, text]) => [path, { size: text.length, mtimeMs: 0 }])),
      ),
    read: (path) => Promise.resolve(Buffer.from(after.get(path) ?? '')),
  };
  return loadProject(memory, { keepsTexts: true, storyId: first.story.id });
}

import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Character } from '#shared/story/character.ts';
import { StoryId } from '#shared/story/ids.ts';
import { Scene } from '#shared/story/scene.ts';
import { parseJson } from '../files/json.ts';

export const cacheFolder = '.storyloom';
const indexPath = join(cacheFolder, 'index.json');

/** A file as it was when it was last read or written: its facts, and what stands in it apart from the prose. */
export const IndexEntry = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number(),
  mtimeMs: z.number(),
  scene: Scene.nullable(),
  character: Character.nullable(),
});
export type IndexEntry = z.infer<typeof IndexEntry>;

const FileIndex = z.object({
  version: z.literal(1),
  storyId: StoryId,
  entries: z.record(z.string(), IndexEntry),
});
export type FileIndex = z.infer<typeof FileIndex>;

/** The index of a story folder; `null` where there is none that can be trusted. Losing it costs only time. */
export async function readFileIndex(folder: string): Promise<FileIndex | null> {
  try {
    const result = FileIndex.safeParse(parseJson(await fs.readFile(join(folder, indexPath))));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Writes the index; whoever reads half of one treats it as missing, so it is not fsynced. */
export async function writeFileIndex(folder: string, index: FileIndex): Promise<void> {
  const path = join(folder, indexPath);
  const temporary = `${path}.tmp`;
  await fs.writeFile(temporary, JSON.stringify(index));
  await fs.rename(temporary, path);
}

import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { Character } from '#shared/story/character.ts';
import { Command } from '#shared/story/commands.ts';
import { CharacterId, ImageId, SceneId, StoryId } from '#shared/story/ids.ts';
import { StoryImage } from '#shared/story/image.ts';
import { Scene } from '#shared/story/scene.ts';
import { Story } from '#shared/story/story.ts';
import { checkedTree } from '../files/json.ts';

const Hashes = z.record(z.string(), z.string().nullable());

/**
 * A part of the story as it was before the first journaled command that touches it; `null` where it did not exist.
 * With it a journal can be replayed whatever happened to the files. `files` are the hashes its files had then.
 */
export const BaseRecord = z.discriminatedUnion('part', [
  z.object({
    t: z.literal('base'),
    part: z.literal('scene'),
    id: SceneId,
    value: Scene.nullable(),
    files: Hashes,
  }),
  z.object({
    t: z.literal('base'),
    part: z.literal('character'),
    id: CharacterId,
    value: Character.nullable(),
    files: Hashes,
  }),
  z.object({
    t: z.literal('base'),
    part: z.literal('image'),
    id: ImageId,
    value: StoryImage.nullable(),
    files: Hashes,
  }),
  z.object({
    t: z.literal('base'),
    part: z.literal('shell'),
    value: Story.omit({ scenes: true, characters: true, images: true }),
    files: Hashes,
  }),
]);
export type BaseRecord = z.infer<typeof BaseRecord>;

export const JournalRecord = z.union([
  z.object({ t: z.literal('start'), storyId: StoryId, folder: z.string(), at: z.string() }),
  z.object({ t: z.literal('do'), commands: z.array(Command) }),
  /** A save is about to write these files with these hashes. */
  z.object({ t: z.literal('intent'), files: Hashes }),
  BaseRecord,
]);
export type JournalRecord = z.infer<typeof JournalRecord>;

/** One line: CRC-32 in hex, a blank, JSON. */
export function printRecord(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (json: string): string => crc32(json).toString(16).padStart(8, '0');

/** The records of a journal up to the first that is torn or damaged: what a crash cut off was never acknowledged. */
export function parseRecords(bytes: Buffer): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const record = end < 0 ? null : parseLine(bytes.toString('utf8', at, end));
    if (!record) break;
    records.push(record);
    at = end + 1;
  }
  return records;
}

function parseLine(line: string): JournalRecord | null {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(json)} `) return null;
  try {
    const result = JournalRecord.safeParse(checkedTree(JSON.parse(json)));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

import { AppError } from '#shared/errors/AppError.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Story } from '#shared/story/story.ts';
import type { BaseRecord, JournalRecord } from './records.ts';

/** A story with the journaled work put back. */
export interface Replayed {
  readonly story: Story;
  /** Commands put back. */
  readonly commands: number;
  /** The hashes that each journaled file may have without anybody else having written it. */
  readonly expected: ReadonlyMap<string, ReadonlySet<string | null>>;
}

function withBase(story: Story, base: BaseRecord): Story {
  const put = <Value>(record: Readonly<Record<string, Value>>, id: string, value: Value | null) => {
    const { [id]: _old, ...rest } = record;
    return value === null ? rest : { ...rest, [id]: value };
  };
  switch (base.part) {
    case 'scene':
      return { ...story, scenes: put(story.scenes, base.id, base.value) };
    case 'character':
      return { ...story, characters: put(story.characters, base.id, base.value) };
    case 'image':
      return { ...story, images: put(story.images, base.id, base.value) };
    case 'shell':
      return { ...base.value, scenes: story.scenes, characters: story.characters, images: story.images };
  }
}

/**
 * Replays a journal over the story as its files have it. Bases first set each part to what it was, so that it does not
 * matter how far a save had come. A batch that does not apply any more is left out, the rest is kept.
 */
export function replay(story: Story, records: readonly JournalRecord[]): Replayed {
  const expected = new Map<string, Set<string | null>>();
  const expect = (files: Readonly<Record<string, string | null>>) => {
    for (const [path, hash] of Object.entries(files)) {
      const hashes = expected.get(path) ?? new Set();
      expected.set(path, hashes.add(hash));
    }
  };
  let current = story;
  let commands = 0;
  for (const record of records) {
    if (record.t === 'base') {
      expect(record.files);
      current = withBase(current, record);
    } else if (record.t === 'intent') {
      expect(record.files);
    } else if (record.t === 'do') {
      try {
        current = applyCommands(current, record.commands).story;
        commands += record.commands.length;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
      }
    }
  }
  return { story: current, commands, expected };
}

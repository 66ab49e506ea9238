import { z } from 'zod';
import { CharacterId, ImageId } from './ids.ts';
import { PictureUse } from './image.ts';

/** One line of the character sheet; the writer names the fields. */
export const CharacterField = z.object({ name: z.string(), value: z.string() });
export type CharacterField = z.infer<typeof CharacterField>;

export const Character = z.object({
  id: CharacterId,
  name: z.string(),
  /** Other names found in prose: nicknames, titles, the name in the other language. */
  aliases: z.array(z.string()),
  /** Who the character is, in the writer's words. */
  description: z.string(),
  /** How the character looks; may have been proposed by a captioner and accepted by the writer. */
  visualDescription: z.string(),
  fields: z.array(CharacterField),
  /** CommonMark notes for the writer alone. */
  notes: z.string(),
  portrait: ImageId.nullable(),
  pictures: z.array(PictureUse),
  /** Front-matter keys that this version does not know; written back unchanged. */
  extra: z.record(z.string(), z.unknown()),
});
export type Character = z.infer<typeof Character>;

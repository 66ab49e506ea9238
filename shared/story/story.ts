import { z } from 'zod';
import { Character } from './character.ts';
import { Decision } from './decision.ts';
import { CharacterId, ImageId, NodeId, SceneId, StoryId } from './ids.ts';
import { StoryImage } from './image.ts';
import { OutlineNode } from './outline.ts';
import { Language, Scene } from './scene.ts';

/** Version of the files on disk that this build writes. */
export const currentFormatVersion = 1;

/** What was deleted, and where it stood; it can be put back until the trash is emptied. */
export const TrashEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('node'),
    node: OutlineNode,
    parentId: NodeId.nullable(),
    index: z.number().int().nonnegative(),
    deletedAt: z.string(),
  }),
  z.object({
    kind: z.literal('character'),
    id: CharacterId,
    index: z.number().int().nonnegative(),
    deletedAt: z.string(),
  }),
  z.object({ kind: z.literal('image'), id: ImageId, deletedAt: z.string() }),
]);
export type TrashEntry = z.infer<typeof TrashEntry>;

export const StorySettings = z.object({
  /** Off: no model is asked anything in this story. */
  aiEnabled: z.boolean(),
  /** Prompt templates changed by the writer, by template id; the built-in one where missing. */
  templates: z.record(z.string(), z.string()),
});
export type StorySettings = z.infer<typeof StorySettings>;

/** A whole story in memory. Plain and readonly: every change is a command (`commands.ts`). */
export const Story = z.object({
  id: StoryId,
  title: z.string(),
  author: z.string(),
  language: Language,
  /** The other language of a bilingual story. */
  secondLanguage: Language.nullable(),
  summary: z.string(),
  cover: ImageId.nullable(),
  settings: StorySettings,
  outline: z.array(OutlineNode),
  /** Scenes by id, those in the trash included. */
  scenes: z.record(SceneId, Scene),
  characters: z.record(CharacterId, Character),
  characterOrder: z.array(CharacterId),
  images: z.record(ImageId, StoryImage),
  trash: z.array(TrashEntry),
  /** What the writer decided about statements that disagree. */
  decisions: z.array(Decision),
  /** Manifest keys that this version does not know; written back unchanged. */
  extra: z.record(z.string(), z.unknown()),
});
export type Story = z.infer<typeof Story>;

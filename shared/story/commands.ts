import { z } from 'zod';
import { Character } from './character.ts';
import { CharacterId, ImageId, NodeId, SceneId } from './ids.ts';
import { PictureRole, PictureUse, StoryImage } from './image.ts';
import { OutlineNode } from './outline.ts';
import { Alternative, Scene } from './scene.ts';
import { Story } from './story.ts';
import { TextEdit } from './textEdit.ts';

const index = z.number().int().nonnegative();
const place = { parentId: NodeId.nullable(), index };

const StoryPatch = Story.pick({
  title: true,
  author: true,
  language: true,
  secondLanguage: true,
  summary: true,
  cover: true,
  settings: true,
  decisions: true,
}).partial();

const ScenePatch = Scene.pick({
  title: true,
  summary: true,
  status: true,
  lang: true,
  characterIds: true,
  authorNote: true,
}).partial();

const CharacterPatch = Character.omit({ id: true, pictures: true, extra: true }).partial();

const ImagePatch = StoryImage.pick({
  alt: true,
  caption: true,
  tags: true,
  credit: true,
  licence: true,
  source: true,
}).partial();

/** Whose gallery a picture hangs in. */
export const PictureOwner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scene'), id: SceneId }),
  z.object({ kind: z.literal('character'), id: CharacterId }),
]);
export type PictureOwner = z.infer<typeof PictureOwner>;

/**
 * Everything that can happen to a story. A command is data: it is applied in the window, applied again by the studio,
 * written to the journal, and inverted for undo. `delete` moves to the trash, `remove` undoes an `add`.
 */
export const Command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('story.update'), patch: StoryPatch }),

  z.object({ kind: z.literal('group.add'), node: OutlineNode, ...place }),
  z.object({ kind: z.literal('group.rename'), id: NodeId, title: z.string() }),
  z.object({ kind: z.literal('scene.add'), scene: Scene, ...place }),
  z.object({ kind: z.literal('node.remove'), id: NodeId }),
  z.object({ kind: z.literal('node.move'), id: NodeId, ...place }),
  z.object({ kind: z.literal('node.delete'), id: NodeId, deletedAt: z.string() }),
  z.object({ kind: z.literal('node.restore'), id: NodeId }),

  z.object({ kind: z.literal('scene.update'), id: SceneId, patch: ScenePatch }),
  z.object({ kind: z.literal('text.edit'), id: SceneId, edits: z.array(TextEdit).min(1) }),
  z.object({ kind: z.literal('alternative.add'), id: SceneId, alternative: Alternative, index }),
  z.object({ kind: z.literal('alternative.remove'), id: SceneId, alternativeId: z.string() }),

  z.object({ kind: z.literal('character.add'), character: Character, index }),
  z.object({ kind: z.literal('character.remove'), id: CharacterId }),
  z.object({ kind: z.literal('character.update'), id: CharacterId, patch: CharacterPatch }),
  z.object({ kind: z.literal('character.move'), id: CharacterId, index }),
  z.object({ kind: z.literal('character.delete'), id: CharacterId, deletedAt: z.string() }),
  z.object({ kind: z.literal('character.restore'), id: CharacterId }),

  z.object({ kind: z.literal('image.add'), image: StoryImage }),
  z.object({ kind: z.literal('image.remove'), id: ImageId }),
  z.object({ kind: z.literal('image.update'), id: ImageId, patch: ImagePatch }),
  z.object({ kind: z.literal('image.delete'), id: ImageId, deletedAt: z.string() }),
  z.object({ kind: z.literal('image.restore'), id: ImageId }),

  z.object({ kind: z.literal('picture.attach'), owner: PictureOwner, use: PictureUse, index }),
  z.object({ kind: z.literal('picture.detach'), owner: PictureOwner, imageId: ImageId }),
  z.object({ kind: z.literal('picture.role'), owner: PictureOwner, imageId: ImageId, role: PictureRole }),
]);
export type Command = z.infer<typeof Command>;
export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

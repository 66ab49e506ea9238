import { z } from 'zod';

/** `constructor` fits the form and would find the prototype of a plain record. */
const shortId = /^(?!constructor$)[0-9a-z]{8,16}$/;

/** Stable for the life of a story; never shown, never reused. */
export const StoryId = z.string().regex(shortId).brand<'StoryId'>();
export type StoryId = z.infer<typeof StoryId>;

/** A part, chapter or scene in the outline. A scene's node id is its scene id. */
export const NodeId = z.string().regex(shortId).brand<'NodeId'>();
export type NodeId = z.infer<typeof NodeId>;

export const SceneId = z.string().regex(shortId).brand<'NodeId'>().brand<'SceneId'>();
export type SceneId = z.infer<typeof SceneId>;

export const CharacterId = z.string().regex(shortId).brand<'CharacterId'>();
export type CharacterId = z.infer<typeof CharacterId>;

/** Pictures are content-addressed: the id is the SHA-256 of the original bytes, in hex. */
export const ImageId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A random id of 10 characters (50 bits), unique within any story that fits in memory. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}

export const createStoryId = (): StoryId => StoryId.parse(createId());
export const createNodeId = (): NodeId => NodeId.parse(createId());
export const createSceneId = (): SceneId => SceneId.parse(createId());
export const createCharacterId = (): CharacterId => CharacterId.parse(createId());

import { z } from 'zod';
import { CharacterId, ImageId, SceneId } from './ids.ts';

/**
 * What the writer said about two statements that disagree. `intended`: from that scene on, the character is otherwise on
 * purpose. `ignored`: these two sentences may stand as they are, wherever they move.
 * `look`: these pictures define how the story looks; the last one counts.
 */
export const Decision = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('intended'),
    id: z.string().min(1),
    characterId: CharacterId,
    attribute: z.string().min(1),
    fromSceneId: SceneId,
  }),
  z.object({
    kind: z.literal('ignored'),
    id: z.string().min(1),
    characterId: CharacterId.nullable(),
    attribute: z.string().min(1),
    statements: z.tuple([z.string(), z.string()]),
  }),
  z.object({ kind: z.literal('look'), id: z.string().min(1), imageIds: z.array(ImageId).min(1).max(5) }),
]);
export type Decision = z.infer<typeof Decision>;

/** The pictures that the writer said define the look; empty where none were chosen. */
export const chosenLook = (decisions: readonly Decision[]): readonly ImageId[] =>
  decisions.flatMap((decision) => (decision.kind === 'look' ? [decision.imageIds] : [])).at(-1) ?? [];

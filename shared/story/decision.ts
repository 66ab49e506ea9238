import { z } from 'zod';
import { CharacterId, SceneId } from './ids.ts';

/**
 * What the writer said about two statements that disagree. `intended`: from that scene on, the character is otherwise on
 * purpose. `ignored`: these two sentences may stand as they are, wherever they move.
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
]);
export type Decision = z.infer<typeof Decision>;

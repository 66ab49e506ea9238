import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Finding } from '../consistency/findings.ts';
import { ModelId } from '../models/modelId.ts';
import { CharacterId, ImageId, SceneId } from '../story/ids.ts';
import { SessionId } from './studio.ts';
import { ErrorReportSchema } from './wire.ts';

const count = z.number().int().nonnegative();

export const CheckEvent = z.discriminatedUnion('type', [
  /** Scenes are being read; those read before and unchanged count at once. */
  z.object({ type: z.literal('reading'), done: count, total: count }),
  /** Models are being asked about pictures. */
  z.object({ type: z.literal('looking'), done: count, total: count }),
  /** Everything found so far, in place of what was said before. */
  z.object({ type: z.literal('findings'), findings: z.array(Finding) }),
  z.object({
    type: z.literal('done'),
    findings: z.array(Finding),
    /** Scenes read in this run, and those that had not changed since the last. */
    scenesRead: count,
    scenesKnown: count,
    /** Questions about pictures that were answered, and those that could not be asked. */
    answers: count,
    unanswered: count,
    /** Why some could not: no model that sees, models switched off, a failure. */
    problem: ErrorReportSchema.nullable(),
  }),
]);
export type CheckEvent = z.infer<typeof CheckEvent>;

/** A picture that is unlike the pictures that define the look, or unlike the others of its character. */
export const MisfitPicture = z.object({
  imageId: ImageId,
  /** The character whose pictures it is unlike; `null`: it does not fit the look of the story. */
  characterId: CharacterId.nullable(),
  /** Mean cosine similarity to the set, and the least at which it would fit. */
  score: z.number(),
  least: z.number(),
});
export type MisfitPicture = z.infer<typeof MisfitPicture>;

export const PictureCheckEvent = z.discriminatedUnion('type', [
  /** Pictures are being looked at. */
  z.object({ type: z.literal('looking'), done: count, total: count }),
  z.object({
    type: z.literal('done'),
    modelId: ModelId,
    /** Pictures that were compared. */
    compared: count,
    misfits: z.array(MisfitPicture),
  }),
]);
export type PictureCheckEvent = z.infer<typeof PictureCheckEvent>;

/** Looks for statements about characters, plot and time that exclude each other. Changes nothing. */
export const consistency = {
  /**
   * Checks the whole story, or what concerns one scene. `pictures`: also asks models that see about characters' pictures;
   * what cannot be asked is told at the end and fails nothing. Errors: project/closed, input/invalid.
   */
  check: oc
    .input(z.object({ sessionId: SessionId, sceneId: SceneId.nullable(), pictures: z.boolean() }))
    .output(eventIterator(CheckEvent)),
  /**
   * Compares pictures by their looks: with those that define the look of the story, and within each character's set.
   * Errors: task/no-route until a model that compares pictures is installed, task/ai-disabled, model/*, engine/*.
   */
  pictures: oc.input(z.object({ sessionId: SessionId })).output(eventIterator(PictureCheckEvent)),
};

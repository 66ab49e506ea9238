import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ComposeContext } from '../models/compose.ts';
import { maxTurns, RasterTurn } from '../models/conversation.ts';
import { DeviceVerdict } from '../models/devices.ts';
import { TogetherEvent } from '../models/ensemble.ts';
import { ModelFamily, ModelId, Precision } from '../models/manifest.ts';
import { ModelEntry, PackEvent } from '../models/modelState.ts';
import { RasterFile } from '../models/raster.ts';
import { Answered, Routing } from '../models/routing.ts';
import { RankCandidate, RankedImage, Sampling, WriteContext, WriteEvent } from '../models/task.ts';
import { Settings } from '../settings.ts';
import { Language } from '../story/scene.ts';
import { DescriptionStyle } from '../text/prompts/describePicture.ts';
import { cache } from './cache.ts';
import { metrics } from './metrics.ts';
import { pictureInference } from './pictureInference.ts';

const byModel = z.object({ modelId: ModelId });
const answered = byModel.extend({ answered: Answered });
const byVariant = byModel.extend({ precision: Precision.optional() });

/** What is done with models, seen from a window and from the studio alike. The engine process serves it. */
export const models = {
  list: oc.output(z.array(ModelEntry)),
  /** The whole list again after every change, until cancelled. */
  watch: oc.output(eventIterator(z.array(ModelEntry))),
  /**
   * Downloads, verifies, converts; the suggested variant without a precision. Ends when installed.
   * Errors: download/*, disk/*, model/not-installed where it cannot be installed from here.
   */
  install: oc.input(byVariant).output(eventIterator(ModelEntry)),
  uninstall: oc.input(byModel),
  /** `anyway` loads what is over the budget; what could only end the process is refused all the same. Errors: model/*. */
  load: oc.input(byVariant.extend({ anyway: z.boolean().optional() })),
  /** Errors: model/in-use. */
  unload: oc.input(byModel),
  pin: oc.input(z.object({ modelId: ModelId, pinned: z.boolean() })),
  /** Looks again at the models folder: what was dropped in or taken away. */
  rescan: oc.output(z.void()),
  /**
   * Takes in a model folder of this computer, ours or one that another tool left, or finds the model of the catalogue that
   * a repository's name stands for. `uninstall` forgets a folder that lies elsewhere, without touching it.
   * Errors: input/invalid, model/damaged, model/in-use, disk/*.
   */
  register: oc
    .input(z.object({ path: z.string().min(1), family: ModelFamily.nullable() }))
    .output(ModelEntry),
  /**
   * Writes an installed model into one file, for a machine without a network; cancelled, nothing of it stays.
   * Errors: model/not-installed, model/damaged, disk/* (`disk/exists` unless a file of that name may be replaced).
   */
  exportPack: oc
    .input(byModel.extend({ path: z.string().min(1), replace: z.boolean().optional() }))
    .output(eventIterator(PackEvent)),
  /** Takes in a model from such a file, checked by its hashes. Errors: model/damaged, model/in-use, disk/*. */
  importPack: oc.input(z.object({ path: z.string().min(1) })).output(eventIterator(PackEvent)),
  /** What the devices of this machine said when they were tried; empty before. */
  devices: oc.output(z.array(DeviceVerdict)),
  /** Where models are fetched from, from the next installation on: a mirror, or the official hub where it is empty. */
  fetchFrom: oc.input(z.object({ mirror: Settings.shape.modelHub })),
  /** How much loaded models may hold together, and how long an unused one stays. */
  limit: oc.input(z.object({ budgetBytes: z.number().int().positive(), idleMinutes: z.number().positive() })),
};

/** Inference proper. Only the studio speaks to it: it knows the story, the engine does not. */
export const inference = {
  ...pictureInference,
  /** Streams a passage. Errors before the first token: task/no-route, model/*; cancel by aborting. */
  write: oc
    .input(
      z.object({
        context: WriteContext,
        /** The scene's pictures, shown to a model that sees; others read their descriptions. */
        rasters: z.array(RasterFile).max(8).default([]),
        routing: Routing,
        sampling: Sampling.partial(),
      }),
    )
    .output(eventIterator(WriteEvent)),
  /** Streams what is no scene: titles, characters, plans, summaries, translations. Errors: as those of `write`. */
  compose: oc
    .input(z.object({ context: ComposeContext, routing: Routing, sampling: Sampling.partial() }))
    .output(eventIterator(WriteEvent)),
  /** Streams the answer to the last turn of a conversation about pictures. Errors: as those of `answer`. */
  converse: oc
    .input(
      z.object({
        language: Language,
        turns: z.array(RasterTurn).min(1).max(maxTurns),
        routing: Routing,
        sampling: Sampling.partial(),
      }),
    )
    .output(eventIterator(WriteEvent)),
  /** Best first. Errors: task/no-route, task/nothing-to-rank. */
  rank: oc
    .input(
      z.object({
        passage: z.string().min(1),
        language: Language,
        candidates: z.array(RankCandidate),
        topK: z.number().int().positive(),
        routing: Routing,
        /** Whose vectors of the pictures to use; see `missingVectors`. */
        encoder: ModelId.nullable().default(null),
      }),
    )
    .output(answered.extend({ lookedBy: Answered.nullable(), ranking: z.array(RankedImage) })),
  /** Answers a question about a picture. Errors: task/no-route with the models that could do it. */
  answer: oc
    .input(
      z.object({ language: Language, question: z.string().min(1), raster: RasterFile, routing: Routing }),
    )
    .output(answered.extend({ answer: z.string() })),
  /** Has every model that sees describe a picture, and puts together what they say. Errors: as those of `describe`. */
  describeTogether: oc
    .input(z.object({ language: Language, style: DescriptionStyle, raster: RasterFile, routing: Routing }))
    .output(eventIterator(TogetherEvent)),
  /** Describes a picture. Errors: task/no-route with the models that could do it. */
  describe: oc
    .input(z.object({ language: Language, style: DescriptionStyle, raster: RasterFile, routing: Routing }))
    .output(answered.extend({ description: z.string() })),
};

export const engineContract = { models, inference, cache, metrics };
export type EngineContract = typeof engineContract;

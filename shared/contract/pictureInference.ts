import { oc } from '@orpc/contract';
import { z } from 'zod';
import { ModelId } from '../models/modelId.ts';
import { RasterFile, RasterNeed } from '../models/raster.ts';
import { Answered, Routing, TaskKind } from '../models/routing.ts';
import { ImageId } from '../story/ids.ts';
import { Language } from '../story/scene.ts';

/** Pictures of one call at most. */
const maxPictures = 20_000;
/** Pictures whose pixels travel together at most. */
export const maxEncodedTogether = 32;

const encoder = ModelId.nullable();
const images = z.array(ImageId).max(maxPictures);
const matching = z.object({ encoder, language: Language, imageIds: images, routing: Routing });

/** Cosine similarities, one row for each on the left, one column for each of `imageIds`; `missing` have no vector. */
export const Matches = z.object({
  modelId: ModelId,
  answered: Answered,
  similarities: z.array(z.array(z.number())),
  imageIds: z.array(ImageId),
  missing: z.array(ImageId),
});
export type Matches = z.infer<typeof Matches>;

/** Pictures by what they look like: vectors are kept by the pictures' content, so each is decoded once for each model. */
export const pictureInference = {
  /** How large a picture must be decoded for every model that may be asked; `vectors` for comparing pictures. */
  rasterNeed: oc
    .input(
      z.object({
        purpose: z.union([TaskKind, z.literal('vectors')]),
        language: Language,
        encoder: encoder.default(null),
        routing: Routing,
      }),
    )
    .output(RasterNeed),
  /**
   * Who would compare pictures with the words, or with each other where they are `null`, and which pictures it has not
   * seen. `encoder` is `null` where no installed model can.
   */
  missingVectors: oc
    .input(z.object({ imageIds: images, language: Language, words: z.string().nullable(), routing: Routing }))
    .output(z.object({ encoder, missing: z.array(ImageId) })),
  /** Has pictures looked at and remembers what they look like. Errors: image/*, model/*. */
  encodePictures: oc
    .input(
      z.object({
        encoder: ModelId,
        language: Language,
        pictures: z
          .array(z.object({ imageId: ImageId, raster: RasterFile }))
          .min(1)
          .max(maxEncodedTogether),
        routing: Routing,
      }),
    )
    .output(z.object({ modelId: ModelId, answered: Answered })),
  /** How well each text fits each picture. Errors: task/no-route, model/*. */
  match: oc.input(matching.extend({ texts: z.array(z.string().min(1)).min(1).max(1000) })).output(Matches),
  /** How alike pictures are, each with each: rows in the order of the columns. Errors: task/no-route, model/*. */
  compare: oc.input(matching).output(Matches),
};

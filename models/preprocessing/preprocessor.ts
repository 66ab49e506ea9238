import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import type { Filter } from './resize.ts';

/** Far above what any encoder takes; what lies beyond is damage. */
const side = z.number().int().positive().max(4096);
const pixels = z
  .number()
  .int()
  .positive()
  .max(2 ** 28);
const three = z.tuple([z.number(), z.number(), z.number()]);
const deviations = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

/** Pillow's numbers for its filters, which checkpoints quote. */
const filters: Readonly<Record<number, Filter>> = { 0: 'nearest', 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' };
const Resample = z
  .number()
  .int()
  .refine((code) => code in filters)
  .transform((code) => filters[code] as Filter);

const Edges = z.object({ height: side, width: side });
const Size = z.union([
  side.transform((both) => ({ height: both, width: both })),
  Edges,
  z.object({ shortest_edge: side }),
]);

const clipMean = [0.48145466, 0.4578275, 0.40821073] as const;
const clipDeviation = [0.26862954, 0.26130258, 0.27577711] as const;

const Common = z.object({
  resample: Resample.default('bicubic'),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  image_mean: three.default([...clipMean]),
  image_std: deviations.default([...clipDeviation]),
  do_rescale: z.boolean().default(true),
  do_normalize: z.boolean().default(true),
});

const SquareFile = Common.extend({
  do_resize: z.boolean().default(true),
  do_center_crop: z.boolean().optional(),
  size: Size,
  crop_size: z.union([side.transform((both) => ({ height: both, width: both })), Edges]).optional(),
  image_seq_length: z.number().int().positive().max(65_536).optional(),
});

const QwenFile = Common.extend({
  patch_size: side,
  temporal_patch_size: side,
  merge_size: side,
  min_pixels: pixels.optional(),
  max_pixels: pixels.optional(),
  size: z.object({ shortest_edge: pixels, longest_edge: pixels }).optional(),
});

const Edge = z.object({ longest_edge: side });

/** Tiles along one side of a picture; what lies beyond is damage, and must not be allocated. */
const mostTilesAlong = 16;

const TileFile = Common.extend({
  resample: Resample.default('lanczos'),
  image_mean: three.default([0.5, 0.5, 0.5]),
  image_std: deviations.default([0.5, 0.5, 0.5]),
  do_resize: z.boolean().default(true),
  do_image_splitting: z.boolean().default(true),
  size: Edge,
  max_image_size: Edge,
}).refine(
  ({ size, max_image_size: tile }) => size.longest_edge <= mostTilesAlong * tile.longest_edge,
  'too many tiles',
);

const AnyresFile = Common.extend({
  size: Edges,
  /** Height and width of every size that a picture may be brought to. */
  image_grid_pinpoints: z
    .array(z.tuple([side, side]))
    .min(1)
    .max(256),
}).refine(
  ({ size, image_grid_pinpoints: grids }) =>
    size.height === size.width && grids.flat().every((edge) => edge <= mostTilesAlong * size.height),
  'tiles are square, and not too many',
);

/** Pixels scaled to about −2…2, one way for every encoder. */
export interface Normalisation {
  /** Multiplied with each byte. */
  readonly scale: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Resized to a side or a fixed size, then perhaps cut to the middle. */
export interface SquarePreprocessor {
  readonly kind: 'square';
  readonly filter: Filter;
  /** `null` leaves the size alone. */
  readonly size:
    | { readonly shortestEdge: number }
    | { readonly width: number; readonly height: number }
    | null;
  readonly crop: { readonly width: number; readonly height: number } | null;
  /** Features that a picture becomes, where this is said here. */
  readonly features: number | null;
  readonly normalisation: Normalisation;
}

/** Any size within limits, cut into patches. */
export interface PatchPreprocessor {
  readonly kind: 'patches';
  readonly filter: Filter;
  readonly patchSize: number;
  readonly temporalPatchSize: number;
  readonly mergeSize: number;
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly normalisation: Normalisation;
}

/** Cut into tiles of one size, and the whole picture once more at that size. */
export interface TilePreprocessor {
  readonly kind: 'tiles';
  readonly filter: Filter;
  /** Side of a tile. */
  readonly tile: number;
  /** What the longer side becomes before cutting; `null` leaves the size alone. */
  readonly longestEdge: number | null;
  /** Without cutting there is only the whole picture. */
  readonly cuts: boolean;
  readonly normalisation: Normalisation;
}

/** Brought to that size of several which suits it best, on black, and cut into tiles; and the whole picture as one. */
export interface AnyresPreprocessor {
  readonly kind: 'anyres';
  readonly filter: Filter;
  /** Side of a tile. */
  readonly tile: number;
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** What surrounds a picture that is made square. */
  readonly background: readonly [number, number, number];
  readonly normalisation: Normalisation;
}

export type Preprocessor = SquarePreprocessor | PatchPreprocessor | TilePreprocessor | AnyresPreprocessor;

/** Processors that do what `squarePixels` does, by their names with and without "Fast". */
const squares = /^(CLIP|ChineseCLIP|Siglip|Blip|Llava)(ImageProcessor(Fast)?|FeatureExtractor)$/;
const patches = /^Qwen2(_5)?_?VLImageProcessor(Fast)?$/;

const anyres = /^LlavaOnevisionImageProcessor(Fast)?$/;
const tiles = /^(Idefics3|SmolVLM)ImageProcessor(Fast)?$/;

/** Processors cut to the middle unless they say otherwise; the others never do. */
const cropping = /^(CLIP|ChineseCLIP|Llava)/i;

const typeOf = (file: unknown): string => {
  const named = z.looseObject({
    image_processor_type: z.string().optional(),
    feature_extractor_type: z.string().optional(),
  });
  const { data } = named.safeParse(file);
  return data?.image_processor_type ?? data?.feature_extractor_type ?? 'CLIPImageProcessor';
};

const normalisationOf = (file: z.infer<typeof Common>): Normalisation => ({
  scale: file.do_rescale ? file.rescale_factor : 1,
  mean: file.do_normalize ? file.image_mean : [0, 0, 0],
  deviation: file.do_normalize ? file.image_std : [1, 1, 1],
});

/**
 * Reads what a checkpoint's `preprocessor_config.json` says. Errors: a ZodError for values, a RangeError for a processor
 * that we do not know.
 */
export function parsePreprocessor(file: unknown): Preprocessor {
  const type = typeOf(file);
  if (patches.test(type)) {
    const qwen = QwenFile.parse(file);
    return {
      kind: 'patches',
      filter: qwen.resample,
      patchSize: qwen.patch_size,
      temporalPatchSize: qwen.temporal_patch_size,
      mergeSize: qwen.merge_size,
      minPixels: qwen.min_pixels ?? qwen.size?.shortest_edge ?? 56 * 56,
      maxPixels: qwen.max_pixels ?? qwen.size?.longest_edge ?? 28 * 28 * 1280,
      normalisation: normalisationOf(qwen),
    };
  }
  if (tiles.test(type)) {
    const tiled = TileFile.parse(file);
    return {
      kind: 'tiles',
      filter: tiled.resample,
      tile: tiled.max_image_size.longest_edge,
      longestEdge: tiled.do_resize ? tiled.size.longest_edge : null,
      cuts: tiled.do_image_splitting,
      normalisation: normalisationOf(tiled),
    };
  }
  if (anyres.test(type)) {
    const any = AnyresFile.parse(file);
    const [red, green, blue] = any.image_mean;
    return {
      kind: 'anyres',
      filter: any.resample,
      tile: any.size.height,
      sizes: any.image_grid_pinpoints.map(([height, width]) => ({ width, height })),
      background: [Math.trunc(red * 255), Math.trunc(green * 255), Math.trunc(blue * 255)],
      normalisation: normalisationOf(any),
    };
  }
  if (!squares.test(type)) throw new RangeError(`no way to prepare pictures as ${type} does`);
  const square = SquareFile.parse(file);
  const size = 'shortest_edge' in square.size ? { shortestEdge: square.size.shortest_edge } : square.size;
  const fixed = 'shortestEdge' in size ? { height: size.shortestEdge, width: size.shortestEdge } : size;
  const crops = square.do_center_crop ?? cropping.test(type);
  return {
    kind: 'square',
    filter: square.resample,
    size: square.do_resize ? size : null,
    crop: crops ? (square.crop_size ?? fixed) : null,
    features: square.image_seq_length ?? null,
    normalisation: normalisationOf(square),
  };
}

/** Reads `preprocessor_config.json` of a model's folder. Errors: model/damaged. */
export async function readPreprocessor(folder: string): Promise<Preprocessor> {
  try {
    return parsePreprocessor(JSON.parse(await readFile(join(folder, 'preprocessor_config.json'), 'utf8')));
  } catch (error) {
    throw new AppError('model/damaged', 'How pictures are prepared cannot be read', { cause: error });
  }
}

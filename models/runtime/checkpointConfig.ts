import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';

const id = z.number().int().nonnegative();
const count = z.number().int().positive();

const ConfigFile = z.looseObject({
  image_token_index: id.nullish(),
  image_token_id: id.nullish(),
  image_seq_length: count.nullish(),
  num_query_tokens: count.nullish(),
  scale_factor: count.nullish(),
  vision_aspect_ratio: z.string().nullish(),
  vision_config: z
    .looseObject({
      image_size: count.nullish(),
      /** A list for towers whose stages have patches of their own. */
      patch_size: z.union([count, z.array(count).transform(() => null)]).nullish(),
    })
    .nullish(),
});

/** What `config.json` says of how pictures and texts meet. */
export interface CheckpointConfig {
  /** The token that stands for a picture in a prompt. */
  readonly imageTokenId: number | null;
  /** Tokens of a picture, for models whose pictures all have one size; of a tile, for those that cut them. */
  readonly pictureTokens: number;
  /** Tiles whose features a picture may have at most; beyond that they are scaled down. */
  readonly mostTiles: number;
}

/** As LLaVA-OneVision was trained. */
const usualTiles = 9;

/** Reads `config.json` of a folder. Errors: model/damaged. */
export async function readCheckpointConfig(folder: string): Promise<CheckpointConfig> {
  try {
    const file = ConfigFile.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
    const { image_size: size, patch_size: patch } = file.vision_config ?? {};
    const side = size && patch ? Math.floor(size / patch) / (file.scale_factor ?? 1) : 0;
    return {
      imageTokenId: file.image_token_index ?? file.image_token_id ?? null,
      mostTiles: Number(/^anyres_max_(\d+)$/.exec(file.vision_aspect_ratio ?? '')?.[1] ?? usualTiles),
      pictureTokens: file.num_query_tokens ?? file.image_seq_length ?? side ** 2,
    };
  } catch (error) {
    throw new AppError('model/damaged', 'config.json cannot be read', { cause: error });
  }
}

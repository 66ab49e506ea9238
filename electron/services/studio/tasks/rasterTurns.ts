import type { RasterTurn, TalkTurn } from '#shared/models/conversation.ts';
import type { RasterFile } from '#shared/models/raster.ts';

/** Every picture of a conversation, in order. */
export const picturesOfTurns = (turns: readonly TalkTurn[]) => turns.flatMap(({ imageIds }) => imageIds);

/** A conversation with the pixels of its pictures, which come in the pictures' order. */
export function rasterTurns(turns: readonly TalkTurn[], rasters: readonly RasterFile[]): RasterTurn[] {
  let next = 0;
  return turns.map(({ role, text, imageIds }) => {
    const own = rasters.slice(next, next + imageIds.length);
    next += imageIds.length;
    return { role, text, rasters: [...own] };
  });
}

import { z } from 'zod';
import { ImageId } from '../story/ids.ts';
import { RasterFile } from './raster.ts';

const role = z.enum(['user', 'assistant']);

/** One turn of a conversation, as the window knows it: pictures by what they are. */
export const TalkTurn = z.object({ role, text: z.string(), imageIds: z.array(ImageId).max(8) });
export type TalkTurn = z.infer<typeof TalkTurn>;

/** The same turn for the engine: pictures as pixels. */
export const RasterTurn = z.object({ role, text: z.string(), rasters: z.array(RasterFile).max(8) });
export type RasterTurn = z.infer<typeof RasterTurn>;

/** More than this nobody reads again; older turns are left out of the prompt long before. */
export const maxTurns = 200;

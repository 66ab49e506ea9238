import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import type { Raster } from '#models/adapters/adapter.ts';
import { clipAdapter } from '#models/adapters/clip/ClipModel.ts';
import { findModel, manifestOf } from '#models/manager/foundModel.ts';
import { readPreprocessor } from '#models/preprocessing/preprocessor.ts';
import { squarePixels } from '#models/preprocessing/squarePixels.ts';
import { openParts } from '#models/runtime/modelFolder.ts';
import { openSession } from '#models/runtime/sessions.ts';
import { serve } from './contender.ts';

/** Our CLIP adapter, from pictures to unit vectors, and a bare session that is given ready pixels. Argument: folder. */
const [folder = ''] = process.argv.slice(2);
const found = await findModel(folder);
const [variant] = found.variants;
if (!variant) throw new Error('no variant');
const model = await clipAdapter.load({ manifest: manifestOf(found, undefined), variant, folder });
const session = await openSession((await openParts(folder, variant.precision))('vision_model'));
const preprocessor = await readPreprocessor(folder);
const never = new AbortController().signal;
let feeds: InferenceSession.OnnxValueMapType = {};

serve({
  encode: (pictures: readonly Raster[]) => model.encodeImage(pictures, never),
  prepare(pictures: readonly Raster[]) {
    if (preprocessor.kind !== 'square') throw new Error('not how CLIP prepares pictures');
    const { data, shape } = squarePixels(preprocessor, pictures);
    feeds = { pixel_values: new Tensor('float32', data, shape) };
  },
  async runBare() {
    await session.run(feeds);
  },
});

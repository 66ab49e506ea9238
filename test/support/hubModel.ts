import { randomBytes } from 'node:crypto';
import { catalog } from '#models/catalog/catalog.ts';
import type { ModelManifest } from '#shared/models/manifest.ts';

const found = catalog.find(({ id }) => id === 'clip-vit-base-patch32');
if (!found) throw new Error('not in the catalogue');

/** A model of the catalogue that comes from the hub. */
export const hubModel: ModelManifest = found;

/** Its repository in small: graphs that nothing can run, and what lies beside them. */
export const hubModelFiles = (graphBytes = 3_000_000): Readonly<Record<string, Buffer>> => ({
  'onnx/text_model_quantized.onnx': randomBytes(graphBytes),
  'onnx/vision_model_quantized.onnx': randomBytes(graphBytes),
  'config.json': Buffer.from(JSON.stringify({ model_type: 'clip' })),
  'tokenizer.json': Buffer.from('{}'),
});

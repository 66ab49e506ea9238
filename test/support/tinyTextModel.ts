import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLlamaGraph, type LlamaShape } from '#models/conversion/llamaGraph.ts';
import { quantize } from '#models/conversion/matrix.ts';
import { createRandom } from '#models/runtime/sampling.ts';

const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(97 + index));
const pairs = ['th', 'he', 'in', 'er', 'an', 're', 'on', '▁t', '▁a', '▁s'];
const marks = ['<unk>', '<s>', '</s>'];
const bytes = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
);
const vocabulary = [...marks, ...bytes, '▁', ...letters, ...pairs];

const shape: LlamaShape = {
  hiddenSize: 32,
  feedForwardSize: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headSize: 8,
  vocabSize: vocabulary.length,
  contextTokens: 128,
  ropeTheta: 10_000,
  ropeInterleaved: false,
  normEpsilon: 1e-5,
};

/** A text model of some kilobytes in our layout, with random weights: everything a real one has, and loads at once. */
export async function writeTinyTextModel(folder: string): Promise<void> {
  const random = createRandom(7);
  const matrix = (rows: number, columns: number) =>
    quantize(
      {
        kind: 'fp32',
        rows,
        columns,
        values: Float32Array.from({ length: rows * columns }, () => random() - 0.5),
      },
      32,
    );
  const ones = () => new Float32Array(shape.hiddenSize).fill(1);
  const { hiddenSize, feedForwardSize, vocabSize, contextTokens } = shape;
  const keySize = shape.kvHeads * shape.headSize;
  const graph = buildLlamaGraph(shape, {
    embedding: matrix(vocabSize, hiddenSize),
    layers: Array.from({ length: shape.layers }, () => ({
      attentionNorm: ones(),
      query: matrix(hiddenSize, hiddenSize),
      key: matrix(keySize, hiddenSize),
      value: matrix(keySize, hiddenSize),
      output: matrix(hiddenSize, hiddenSize),
      feedForwardNorm: ones(),
      gate: matrix(feedForwardSize, hiddenSize),
      up: matrix(feedForwardSize, hiddenSize),
      down: matrix(hiddenSize, feedForwardSize),
    })),
    finalNorm: ones(),
    head: null,
  });
  await mkdir(folder, { recursive: true });
  await graph.save(join(folder, 'model.onnx'));
  const { layers, kvHeads, headSize } = shape;
  await writeFile(
    join(folder, 'decoder.json'),
    JSON.stringify({ layers, kvHeads, headSize, vocabSize, contextTokens, endIds: [1, 2] }),
  );
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer()));
}

const tokenizer = () => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: marks.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Prepend', prepend: '▁' },
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    ],
  },
  pre_tokenizer: null,
  post_processor: null,
  decoder: {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
    ],
  },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: true,
    ignore_merges: false,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    merges: pairs.map((pair) => Array.from(pair)),
  },
});

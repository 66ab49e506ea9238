import { AppError } from '#shared/errors/AppError.ts';
import type { LlamaLayer, LlamaShape, LlamaWeights } from './llamaGraph.ts';
import type { FloatMatrix } from './matrix.ts';

/** A checkpoint in the layout of llama2.c's legacy export: seven int32 values, then float32 tensors kind by kind. */
export interface Llama2c {
  readonly shape: LlamaShape;
  readonly weights: LlamaWeights;
  /** Bytes the checkpoint takes from the start of the buffer. */
  readonly byteLength: number;
}

const headerBytes = 28;

/** Reads a checkpoint from the start of `bytes` (which may go on with something else). Errors: model/damaged. */
export function readLlama2c(bytes: Uint8Array): Llama2c {
  if (bytes.byteLength < headerBytes) throw damaged();
  const header = new Int32Array(new Uint8Array(bytes.subarray(0, headerBytes)).buffer);
  const [
    hiddenSize = 0,
    feedForwardSize = 0,
    layers = 0,
    heads = 0,
    kvHeads = 0,
    vocab = 0,
    contextTokens = 0,
  ] = header;
  const vocabSize = Math.abs(vocab);
  const sizes = [hiddenSize, feedForwardSize, layers, heads, kvHeads, vocabSize, contextTokens];
  if (sizes.some((size) => size <= 0 || size > 1_000_000) || hiddenSize % heads !== 0) throw damaged();
  const headSize = hiddenSize / heads;
  const kvSize = kvHeads * headSize;

  let offset = headerBytes;
  const floats = (count: number): Float32Array<ArrayBuffer> => {
    const end = offset + count * 4;
    if (end > bytes.byteLength) throw damaged();
    const part = new Float32Array(new Uint8Array(bytes.subarray(offset, end)).buffer);
    offset = end;
    return part;
  };
  const matrix = (rows: number, columns: number): FloatMatrix => ({
    kind: 'fp32',
    rows,
    columns,
    values: floats(rows * columns),
  });
  const perLayer = <T>(read: () => T): T[] => Array.from({ length: layers }, read);

  const embedding = matrix(vocabSize, hiddenSize);
  const attentionNorm = perLayer(() => floats(hiddenSize));
  const query = perLayer(() => matrix(hiddenSize, hiddenSize));
  const key = perLayer(() => matrix(kvSize, hiddenSize));
  const value = perLayer(() => matrix(kvSize, hiddenSize));
  const output = perLayer(() => matrix(hiddenSize, hiddenSize));
  const feedForwardNorm = perLayer(() => floats(hiddenSize));
  const gate = perLayer(() => matrix(feedForwardSize, hiddenSize));
  const down = perLayer(() => matrix(hiddenSize, feedForwardSize));
  const up = perLayer(() => matrix(feedForwardSize, hiddenSize));
  const finalNorm = floats(hiddenSize);
  floats(contextTokens * headSize); // rotary tables of old exports, computed anew
  const head = vocab > 0 ? null : matrix(vocabSize, hiddenSize);

  const parts = { attentionNorm, query, key, value, output, feedForwardNorm, gate, up, down };
  return {
    shape: {
      hiddenSize,
      feedForwardSize,
      layers,
      heads,
      kvHeads,
      headSize,
      vocabSize,
      contextTokens,
      ropeTheta: 10_000,
      ropeInterleaved: true,
      normEpsilon: 1e-5,
    },
    weights: {
      embedding,
      layers: perLayer(() => null).map((_, index) => layerOf(parts, index)),
      finalNorm,
      head,
    },
    byteLength: offset,
  };
}

type PerLayer = { readonly [Part in keyof LlamaLayer]: readonly LlamaLayer[Part][] };

function layerOf(parts: PerLayer, index: number): LlamaLayer {
  const at = <T>(list: readonly T[]): T => {
    const part = list[index];
    if (part === undefined) throw damaged();
    return part;
  };
  return {
    attentionNorm: at(parts.attentionNorm),
    query: at(parts.query),
    key: at(parts.key),
    value: at(parts.value),
    output: at(parts.output),
    feedForwardNorm: at(parts.feedForwardNorm),
    gate: at(parts.gate),
    up: at(parts.up),
    down: at(parts.down),
  };
}

const damaged = (): AppError => new AppError('model/damaged', 'Not a llama2.c checkpoint, or cut short');

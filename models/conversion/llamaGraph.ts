import { GraphBuilder } from './GraphBuilder.ts';
import { matMulNBitsAttributes } from './matMulNBits.ts';
import { type FloatMatrix, type Matrix, type Q8Matrix, stack } from './matrix.ts';

/** Shape of a Llama-family decoder. */
export interface LlamaShape {
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly vocabSize: number;
  /** Longest sequence the graph's rotary tables and KV buffers serve. */
  readonly contextTokens: number;
  readonly ropeTheta: number;
  /** Pairs (0,1), (2,3) … turn together (llama2.c), instead of the two halves of a head (Hugging Face). */
  readonly ropeInterleaved: boolean;
  readonly normEpsilon: number;
}

export interface LlamaLayer {
  readonly attentionNorm: Float32Array<ArrayBuffer>;
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly output: Matrix;
  readonly feedForwardNorm: Float32Array<ArrayBuffer>;
  readonly gate: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
}

export interface LlamaWeights {
  readonly embedding: Matrix;
  readonly layers: readonly LlamaLayer[];
  readonly finalNorm: Float32Array<ArrayBuffer>;
  /** `null` when the head is the embedding. */
  readonly head: Matrix | null;
}

const microsoft = 'com.microsoft';

/**
 * A fused decoder: one node for attention over the KV cache, one for each pair of residual and norm, packed QKV and
 * gate/up. Logits are those of the last position only.
 *
 * Inputs: input_ids i64[1,s]; position i64[1], of the first of them; seqlens_k i32[1] = total − 1;
 * total_sequence_length i32[]; past.{l}.{key,value} f32[1,kvHeads,capacity,headSize], of which the first `position` rows
 * of each head count. Outputs: logits f32[1,1,vocab]; new.{l}.{key,value} f32[1,s,kvHeads × headSize]: only what is new,
 * for the caller to put into the cache. Returning the whole cache would copy it into JavaScript at every step.
 */
export function buildLlamaGraph(shape: LlamaShape, weights: LlamaWeights): GraphBuilder {
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', 'int64', [1, 'sequence']);
  const seqlens = graph.input('seqlens_k', 'int32', [1]);
  const total = graph.input('total_sequence_length', 'int32', []);
  const position = graph.input('position', 'int64', [1]);
  const { cos, sin } = rotaryTables(graph, shape);
  const norm = { attributes: { epsilon: { float: shape.normEpsilon } } };
  const cache = [1, shape.kvHeads, 'capacity', shape.headSize];
  const kvSize = shape.kvHeads * shape.headSize;
  const qkvSizes = graph.int64('qkv_sizes', [shape.heads * shape.headSize, kvSize, kvSize]);
  const rotary = {
    domain: microsoft,
    attributes: { interleaved: shape.ropeInterleaved ? 1 : 0 },
  };

  let residual = embed(graph, weights, ids, shape.hiddenSize);
  let pending = '';
  const addAndNormalize = (name: string, scale: Float32Array<ArrayBuffer>): string => {
    const gamma = graph.tensor(name, 'float32', [shape.hiddenSize], scale);
    if (pending === '') return graph.node('SimplifiedLayerNormalization', [residual, gamma], norm);
    const output = `${name}.out`;
    graph.nodes(
      'SkipSimplifiedLayerNormalization',
      [residual, pending, gamma],
      [output, '', '', `${name}.sum`],
      { ...norm, domain: microsoft },
    );
    residual = `${name}.sum`;
    return output;
  };

  for (const [index, layer] of weights.layers.entries()) {
    const name = `layer.${String(index)}`;
    const attended = addAndNormalize(`${name}.attention_norm`, layer.attentionNorm);
    const qkv = linear(graph, `${name}.qkv`, stack([layer.query, layer.key, layer.value]), attended);
    const [query, key] = [`${name}.query`, `${name}.key`];
    const [newKey, newValue] = [`new.${String(index)}.key`, `new.${String(index)}.value`];
    graph.nodes('Split', [qkv, qkvSizes], [query, key, newValue], { attributes: { axis: 2 } });
    graph.node('RotaryEmbedding', [key, position, cos, sin], { ...rotary, output: newKey });
    const turned = graph.node('RotaryEmbedding', [query, position, cos, sin], rotary);
    const past = ['key', 'value'].map((part) =>
      graph.input(`past.${String(index)}.${part}`, 'float32', cache),
    );
    for (const output of [newKey, newValue]) graph.output(output, 'float32', [1, 'sequence', kvSize]);
    const attention = `${name}.attention`;
    graph.nodes(
      'GroupQueryAttention',
      [turned, newKey, newValue, ...past, seqlens, total],
      [attention, `${name}.keys`, `${name}.values`],
      { domain: microsoft, attributes: { num_heads: shape.heads, kv_num_heads: shape.kvHeads } },
    );
    pending = linear(graph, `${name}.output`, layer.output, attention);

    const fed = addAndNormalize(`${name}.feed_forward_norm`, layer.feedForwardNorm);
    const both = linear(graph, `${name}.gate_up`, stack([layer.gate, layer.up]), fed);
    const [gate, up] = [`${name}.gate`, `${name}.up`];
    graph.nodes('Split', [both], [gate, up], { attributes: { axis: 2, num_outputs: 2 } });
    const silu = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
    pending = linear(graph, `${name}.down`, layer.down, graph.node('Mul', [silu, up]));
  }

  const last = addAndNormalize('final_norm', weights.finalNorm);
  const final = graph.node('Gather', [last, graph.int64('last_position', [-1])], { attributes: { axis: 1 } });
  linear(graph, weights.head ? 'head' : 'embedding', weights.head ?? weights.embedding, final, 'logits');
  graph.output('logits', 'float32', [1, 1, shape.vocabSize]);
  return graph;
}

function rotaryTables(graph: GraphBuilder, shape: LlamaShape): { cos: string; sin: string } {
  const half = shape.headSize / 2;
  const cos = new Float32Array(shape.contextTokens * half);
  const sin = new Float32Array(shape.contextTokens * half);
  for (let position = 0; position < shape.contextTokens; position++) {
    for (let pair = 0; pair < half; pair++) {
      const angle = position / shape.ropeTheta ** ((2 * pair) / shape.headSize);
      cos[position * half + pair] = Math.cos(angle);
      sin[position * half + pair] = Math.sin(angle);
    }
  }
  const size = [shape.contextTokens, half];
  return {
    cos: graph.tensor('rotary_cos', 'float32', size, cos),
    sin: graph.tensor('rotary_sin', 'float32', size, sin),
  };
}

/** Looks rows up; 8-bit rows are unpacked after the look-up, from the very tensor that a tied head multiplies with. */
function embed(graph: GraphBuilder, { embedding }: LlamaWeights, ids: string, hiddenSize: number): string {
  if (embedding.kind === 'fp32') {
    return graph.node('Gather', [weightTensor(graph, 'embedding', embedding), ids]);
  }
  const { values, scales } = q8Tensors(graph, 'embedding', embedding);
  const rows = graph.node('Gather', [values, ids]);
  const floats = graph.node('Cast', [rows], { attributes: { to: 1 } });
  const zero = graph.tensor('embedding.zero', 'float32', [], Float32Array.of(embedding.zeroPoint));
  const scale = graph.node('Unsqueeze', [
    graph.node('Gather', [scales, ids]),
    graph.int64('embedding.scale_axis', [3]),
  ]);
  const unpacked = graph.node('Mul', [graph.node('Sub', [floats, zero]), scale]);
  return graph.node('Reshape', [unpacked, graph.int64('embedding.shape', [1, -1, hiddenSize])]);
}

function linear(graph: GraphBuilder, name: string, matrix: Matrix, input: string, output?: string): string {
  const options = { domain: microsoft, ...(output === undefined ? {} : { output }) };
  if (matrix.kind === 'fp32') {
    const weight = weightTensor(graph, name, matrix);
    return graph.node('FusedMatMul', [input, weight], { ...options, attributes: { transB: 1 } });
  }
  const { values, scales } = q8Tensors(graph, name, matrix);
  const inputs = [input, values, scales];
  if (matrix.zeroPoint !== 128) {
    const blocks = matrix.columns / matrix.blockSize;
    const points = new Uint8Array(matrix.rows * blocks).fill(matrix.zeroPoint);
    inputs.push(graph.tensor(`${name}.zero_points`, 'uint8', [matrix.rows, blocks], points));
  }
  return graph.node('MatMulNBits', inputs, {
    ...options,
    attributes: matMulNBitsAttributes(matrix),
  });
}

const weightTensor = (graph: GraphBuilder, name: string, matrix: FloatMatrix): string =>
  graph.tensor(name, 'float32', [matrix.rows, matrix.columns], matrix.values);

function q8Tensors(graph: GraphBuilder, name: string, matrix: Q8Matrix): { values: string; scales: string } {
  const { rows, columns, blockSize } = matrix;
  const blocks = columns / blockSize;
  return {
    values: graph.tensor(`${name}.q8`, 'uint8', [rows, blocks, blockSize], matrix.values),
    scales: graph.tensor(`${name}.scales`, 'float32', [rows, blocks], matrix.scales),
  };
}

import type { GraphProto } from 'onnx-buf';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { findInt8Layers, floatsOf, graphOf, readOnnx, tensorsOf, unsignedBytesOf } from './dynamicInt8.ts';
import type { LlamaLayer, LlamaShape, LlamaWeights } from './llamaGraph.ts';
import type { Q8Matrix } from './matrix.ts';

/** The part of a Hugging Face `config.json` that shapes a Llama decoder. */
const HuggingFaceConfig = z.object({
  model_type: z.literal('llama'),
  hidden_size: z.number().int().positive(),
  intermediate_size: z.number().int().positive(),
  num_hidden_layers: z.number().int().positive(),
  num_attention_heads: z.number().int().positive(),
  num_key_value_heads: z.number().int().positive(),
  head_dim: z.number().int().positive(),
  vocab_size: z.number().int().positive(),
  rope_theta: z.number().positive(),
  rope_scaling: z.null(),
  rms_norm_eps: z.number().positive(),
  attention_bias: z.literal(false),
  mlp_bias: z.literal(false),
});

const blockSize = 32;

/**
 * Takes shape and 8-bit weights out of a dynamically quantised export of a Llama model, for the fused graph. The stored
 * weights are kept bit by bit. Errors: model/damaged when the export is not what we know.
 */
export function readHuggingFaceLlama(
  onnx: Uint8Array,
  config: unknown,
  contextTokens: number,
): { shape: LlamaShape; weights: LlamaWeights } {
  const read = HuggingFaceConfig.safeParse(config);
  if (!read.success) throw new AppError('model/damaged', 'Not a Llama model that we can convert');
  const shape: LlamaShape = {
    hiddenSize: read.data.hidden_size,
    feedForwardSize: read.data.intermediate_size,
    layers: read.data.num_hidden_layers,
    heads: read.data.num_attention_heads,
    kvHeads: read.data.num_key_value_heads,
    headSize: read.data.head_dim,
    vocabSize: read.data.vocab_size,
    contextTokens,
    ropeTheta: read.data.rope_theta,
    ropeInterleaved: false,
    normEpsilon: read.data.rms_norm_eps,
  };
  const graph = graphOf(readOnnx(onnx));
  const matrices = findInt8Layers(graph, blockSize);
  const matrix = (part: string): Q8Matrix => {
    const found = matrices.filter(({ name }) => name.includes(part));
    const [only] = found;
    if (!only || found.length !== 1) throw new AppError('model/damaged', `No layer ${part}`);
    return only.matrix;
  };
  const tensors = tensorsOf(graph);
  const norm = (name: string): Float32Array<ArrayBuffer> => {
    const tensor = tensors.get(name);
    if (!tensor) throw new AppError('model/damaged', `No tensor ${name}`);
    return floatsOf(tensor);
  };
  const layer = (index: number): LlamaLayer => {
    const name = `layers.${String(index)}/`;
    const weight = `model.layers.${String(index)}.`;
    return {
      attentionNorm: norm(`${weight}input_layernorm.weight`),
      query: matrix(`${name}self_attn/q_proj`),
      key: matrix(`${name}self_attn/k_proj`),
      value: matrix(`${name}self_attn/v_proj`),
      output: matrix(`${name}self_attn/o_proj`),
      feedForwardNorm: norm(`${weight}post_attention_layernorm.weight`),
      gate: matrix(`${name}mlp/gate_proj`),
      up: matrix(`${name}mlp/up_proj`),
      down: matrix(`${name}mlp/down_proj`),
    };
  };
  return {
    shape,
    weights: {
      embedding: embeddingOf(graph, shape),
      layers: Array.from({ length: shape.layers }, (_, index) => layer(index)),
      finalNorm: norm('model.norm.weight'),
      head: matrix('lm_head'),
    },
  };
}

function embeddingOf(graph: GraphProto, shape: LlamaShape): Q8Matrix {
  const tensors = tensorsOf(graph);
  const table = tensors.get('model.embed_tokens.weight_quantized');
  const scale = tensors.get('model.embed_tokens.weight_scale');
  const zero = tensors.get('model.embed_tokens.weight_zero_point');
  if (!table || !scale || !zero) throw new AppError('model/damaged', 'No 8-bit embedding');
  const [value = 0] = floatsOf(scale);
  const [zeroPoint = 128] = unsignedBytesOf(zero);
  return {
    kind: 'q8',
    rows: shape.vocabSize,
    columns: shape.hiddenSize,
    blockSize: shape.hiddenSize,
    values: unsignedBytesOf(table),
    scales: new Float32Array(shape.vocabSize).fill(value),
    zeroPoint,
  };
}

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf';
import { AppError } from '#shared/errors/AppError.ts';
import { matMulNBits } from './matMulNBits.ts';
import type { Q8Matrix } from './matrix.ts';

/**
 * A linear layer of a graph quantised "dynamically": DynamicQuantizeLinear → MatMulInteger → Cast → Mul. Rounding whole
 * activations to 8 bits with one scale ruins small language models, so we keep the stored weights and drop the rest.
 */
export interface Int8Layer {
  /** Name of the MatMulInteger node, which tells the layer: `/model/layers.0/self_attn/q_proj/MatMul_quant`. */
  readonly name: string;
  readonly input: string;
  readonly output: string;
  readonly matrix: Q8Matrix;
}

/** Reads ONNX bytes. Errors: model/damaged. */
export function readOnnx(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new AppError('model/damaged', 'Not an ONNX model', { cause: error });
  }
}

export function graphOf(model: ModelProto): GraphProto {
  if (!model.graph) throw new AppError('model/damaged', 'The ONNX model has no graph');
  return model.graph;
}

/** Constant tensors by name. */
export const tensorsOf = (graph: GraphProto): Map<string, TensorProto> =>
  new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));

const sizesOf = (tensor: TensorProto): number[] => tensor.dims.map(Number);

/** Values of a float32 tensor, however they are stored. */
export function floatsOf(tensor: TensorProto): Float32Array<ArrayBuffer> {
  return tensor.rawData.length > 0
    ? new Float32Array(new Uint8Array(tensor.rawData).buffer)
    : Float32Array.from(tensor.floatData);
}

/** 8-bit values as unsigned numbers: signed ones are moved up by 128, which `zeroPoint` + 128 undoes. */
export function unsignedBytesOf(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  const stored =
    tensor.rawData.length > 0 ? tensor.rawData : Uint8Array.from(tensor.int32Data, (n) => n & 255);
  return tensor.dataType === TensorProto_DataType.INT8 ? stored.map((byte) => byte ^ 128) : stored;
}

/** Every dynamically quantised linear layer. Errors: model/damaged when the graph has another shape. */
export function findInt8Layers(graph: GraphProto, blockSize: number): Int8Layer[] {
  const tensors = tensorsOf(graph);
  const producer = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const consumers = Map.groupBy(
    graph.node.flatMap((node) => node.input.map((name) => ({ name, node }))),
    ({ name }) => name,
  );
  const onlyUser = (name: string): NodeProto => {
    const node = consumers.get(name)?.[0]?.node;
    if (!node) throw unexpected(name);
    return node;
  };
  return graph.node
    .filter((node) => node.opType === 'MatMulInteger')
    .map((node) => {
      const [activation = '', weight = '', , zeroPoint = ''] = node.input;
      const quantizer = producer.get(activation);
      const cast = onlyUser(node.output[0] ?? '');
      const scaled = onlyUser(cast.output[0] ?? '');
      const scaleName = scaled.input.find((name) => name !== cast.output[0]) ?? '';
      const scaleProduct = producer.get(scaleName);
      const weightScale = scaleProduct?.input.find((name) => name !== quantizer?.output[1]) ?? '';
      const values = tensors.get(weight);
      const scale = tensors.get(weightScale);
      if (quantizer?.opType !== 'DynamicQuantizeLinear' || !values || !scale) throw unexpected(node.name);
      return {
        name: node.name,
        input: quantizer.input[0] ?? '',
        output: scaled.output[0] ?? '',
        matrix: transposed(values, floatsOf(scale), tensors.get(zeroPoint), blockSize),
      };
    });
}

/** ONNX keeps [inputs, outputs]; we keep outputs in rows. Nothing is rounded again. */
function transposed(
  tensor: TensorProto,
  columnScales: Float32Array<ArrayBuffer>,
  zeroPoints: TensorProto | undefined,
  blockSize: number,
): Q8Matrix {
  const [columns = 0, rows = 0] = sizesOf(tensor);
  const stored = unsignedBytesOf(tensor);
  const values = new Uint8Array(stored.length);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) values[row * columns + column] = stored[column * rows + row] ?? 0;
  }
  const points = zeroPoints ? unsignedBytesOf(zeroPoints) : Uint8Array.of(128);
  const [zeroPoint = 128] = points;
  if (points.some((point) => point !== zeroPoint) || columns % blockSize !== 0) throw unexpected(tensor.name);
  const blocks = columns / blockSize;
  const scales = Float32Array.from({ length: rows * blocks }, (_, index) => {
    const row = Math.floor(index / blocks);
    return (columnScales.length === 1 ? columnScales[0] : columnScales[row]) ?? 0;
  });
  return { kind: 'q8', rows, columns, blockSize, values, scales, zeroPoint };
}

/** Rewrites dynamically quantised layers to weight-only ones in place of the old nodes; the rest stays as it was. */
export function toWeightOnly(bytes: Uint8Array, blockSize: number): Uint8Array {
  const model = readOnnx(bytes);
  const graph = graphOf(model);
  const layers = findInt8Layers(graph, blockSize);
  const added: TensorProto[] = [];
  const byOutput = new Map(layers.map((layer) => [layer.output, layer]));
  const nodes = graph.node.flatMap((node) => {
    const layer = byOutput.get(node.output[0] ?? '');
    if (!layer) return [node];
    const { rows, columns } = layer.matrix;
    const blocks = columns / blockSize;
    const name = `${layer.output}.weights`;
    const raw = (
      suffix: string,
      dataType: TensorProto_DataType,
      dims: number[],
      rawData: Uint8Array<ArrayBuffer>,
    ) => {
      added.push(
        create(TensorProtoSchema, { name: name + suffix, dataType, dims: dims.map(BigInt), rawData }),
      );
      return name + suffix;
    };
    const { values, scales, zeroPoint } = layer.matrix;
    const inputs = [
      layer.input,
      raw('.q8', TensorProto_DataType.UINT8, [rows, blocks, blockSize], values),
      raw('.scales', TensorProto_DataType.FLOAT, [rows, blocks], new Uint8Array(scales.buffer)),
    ];
    if (zeroPoint !== 128) {
      const points = new Uint8Array(rows * blocks).fill(zeroPoint);
      inputs.push(raw('.zero_points', TensorProto_DataType.UINT8, [rows, blocks], points));
    }
    return [
      create(NodeProtoSchema, { name, input: inputs, output: [layer.output], ...matMulNBits(layer.matrix) }),
    ];
  });
  graph.node = withoutUnused(nodes, new Set(graph.output.map(({ name }) => name)));
  const used = new Set(graph.node.flatMap((node) => node.input));
  graph.initializer = [...graph.initializer, ...added].filter(({ name }) => used.has(name));
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }));
  return toBinary(ModelProtoSchema, model);
}

/** Nodes that lead to an output, in their order. ONNX graphs are sorted, so one pass from the end is enough. */
function withoutUnused(nodes: readonly NodeProto[], needed: Set<string>): NodeProto[] {
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.input) needed.add(name);
  }
  return kept.reverse();
}

const unexpected = (name: string): AppError =>
  new AppError('model/damaged', `Not the quantised graph that was expected, at ${name}`);

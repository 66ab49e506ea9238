import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { graphOf, readOnnx } from '#models/conversion/dynamicInt8.ts';
import { writeTinyTextModel } from './tinyTextModel.ts';

const node = (
  opType: string,
  input: string[],
  output: string[],
  attribute: ReturnType<typeof integer>[] = [],
) => create(NodeProtoSchema, { opType, input, output, attribute });
const integer = (name: string, value: bigint) =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: value });
const scalar = (name: string, type: number) =>
  create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: type, shape: { dim: [] } } } },
  });
const { INT64, BOOL, FLOAT } = TensorProto_DataType;

/** The tiny text model with a loop in its graph that will not end in this life; it loads like any other. */
export async function writeEndlessModel(folder: string): Promise<void> {
  await writeTinyTextModel(folder);
  const file = join(folder, 'model.onnx');
  const model = readOnnx(await readFile(file));
  const graph = graphOf(model);
  for (const one of graph.node)
    one.output = one.output.map((name) => (name === 'logits' ? 'real_logits' : name));
  graph.initializer.push(
    create(TensorProtoSchema, { name: 'turns', dataType: INT64, dims: [], int64Data: [2n ** 62n] }),
    create(TensorProtoSchema, { name: 'go', dataType: BOOL, dims: [], int32Data: [1] }),
    create(TensorProtoSchema, { name: 'nothing', dataType: FLOAT, dims: [], floatData: [0] }),
  );
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [scalar('turn', INT64), scalar('go_on', BOOL), scalar('value', FLOAT)],
    output: [scalar('still', BOOL), scalar('next', FLOAT)],
    node: [node('Identity', ['go_on'], ['still']), node('Cos', ['value'], ['next'])],
  });
  const loop = create(NodeProtoSchema, {
    opType: 'Loop',
    input: ['turns', 'go', 'start'],
    output: ['looped'],
    attribute: [
      create(AttributeProtoSchema, { name: 'body', type: AttributeProto_AttributeType.GRAPH, g: body }),
    ],
  });
  graph.node.push(
    node('Cast', ['total_sequence_length'], ['start'], [integer('to', BigInt(FLOAT))]),
    loop,
    node('Mul', ['looped', 'nothing'], ['zero']),
    node('Add', ['real_logits', 'zero'], ['logits']),
  );
  await writeFile(file, toBinary(ModelProtoSchema, model));
}

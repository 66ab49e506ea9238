import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { KvCache } from '#models/runtime/KvCache.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

const { FLOAT, FLOAT16 } = TensorProto_DataType;
const value = (name: string, type: number) =>
  create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: type,
          shape: {
            dim: ['a', 'b', 'c', 'd'].map((dim) => ({ value: { case: 'dimParam' as const, value: dim } })),
          },
        },
      },
    },
  });

/** Gives keys back twice: as they are, as a decoder's new rows would come, and as float32. */
const graph = toBinary(
  ModelProtoSchema,
  create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })],
    graph: create(GraphProtoSchema, {
      name: 'keys',
      input: [value('past.0.key', FLOAT16), value('past.0.value', FLOAT16)],
      output: [value('new.0.key', FLOAT16), value('new.0.value', FLOAT16), value('seen', FLOAT)],
      node: [
        create(NodeProtoSchema, { opType: 'Identity', input: ['past.0.key'], output: ['new.0.key'] }),
        create(NodeProtoSchema, { opType: 'Identity', input: ['past.0.value'], output: ['new.0.value'] }),
        create(NodeProtoSchema, {
          opType: 'Cast',
          input: ['past.0.key'],
          output: ['seen'],
          attribute: [
            create(AttributeProtoSchema, {
              name: 'to',
              type: AttributeProto_AttributeType.INT,
              i: BigInt(FLOAT),
            }),
          ],
        }),
      ],
    }),
  }),
);

/** What the graph saw first, of `count` numbers. */
function seenIn(outputs: Readonly<Record<string, Tensor>>, count: number): number[] {
  const data = outputs['seen']?.data;
  if (!(data instanceof Float32Array)) throw new Error('nothing was seen');
  return Array.from(data.subarray(0, count));
}

test('the runtime reads and writes the bits of a half-precision cache', async () => {
  const session = await InferenceSession.create(Buffer.from(graph), { logSeverityLevel: 3 });
  const cache = new KvCache({ layers: 1, kvHeads: 1, headSize: 2, contextTokens: 4 }, 'float16');
  cache.setSlots(2);
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x7bff);
  const written = cache.feeds(1, 1)['past.0.key']?.data;
  if (!(written instanceof Uint16Array)) throw new Error('not bits');
  written.set(bits);

  const first = await session.run(cache.feeds(1, 1));
  expect(seenIn(first, 4)).toEqual([1, -2, 0.5, 65_504]);
  cache.append(first, { slot: 0, place: 0, tokens: 2, position: 1 });
  const second = await session.run(cache.feeds(0, 2));
  expect(seenIn(second, 8)).toEqual([...[0, 0], ...[1, -2, 0.5, 65_504], ...[0, 0]]);
  await session.release();
});

import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Element types that our graphs use. */
export type ElementType = 'float32' | 'uint8' | 'int32' | 'int64';
export type TensorData =
  | Float32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>;
/** A size, or the name of a size that is only known when running. */
export type Dimension = number | string;
type AttributeValue = number | { readonly float: number };

const elementTypes = {
  float32: TensorProto_DataType.FLOAT,
  uint8: TensorProto_DataType.UINT8,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
} as const;

/** Tensors from this size on live in the data file, where the runtime can map them instead of copying. */
const externalFromBytes = 1024;
/** Allocation granularity of Windows, a multiple of every page size: a mapped tensor must start there. */
const mapAlignment = 65_536;
const mappedFromBytes = 262_144;

const bytesOf = (data: TensorData): Uint8Array<ArrayBuffer> =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Writes an ONNX model: nodes in order, named tensors, and a data file beside the model for the weights. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #external: { tensor: TensorProto; bytes: Uint8Array<ArrayBuffer> }[] = [];
  #count = 0;

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#outputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** A constant tensor; returns its name. The same name means the same tensor, stored once. */
  tensor(name: string, type: ElementType, shape: readonly number[], data: TensorData): string {
    if (this.#initializers.some((tensor) => tensor.name === name)) return name;
    const tensor = create(TensorProtoSchema, {
      name,
      dataType: elementTypes[type],
      dims: shape.map(BigInt),
    });
    const bytes = bytesOf(data);
    if (bytes.byteLength < externalFromBytes) tensor.rawData = bytes;
    else this.#external.push({ tensor, bytes });
    this.#initializers.push(tensor);
    return name;
  }

  int64(name: string, values: readonly number[]): string {
    return this.tensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output; an empty input name leaves an optional input out. */
  node(op: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const output = options.output ?? `${op}_${String(this.#count)}`;
    this.nodes(op, inputs, [output], options);
    return output;
  }

  /** Adds a node with several outputs; an empty output name leaves an optional output out. */
  nodes(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    options: Omit<NodeOptions, 'output'> = {},
  ): void {
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: `${op}.${String(this.#count++)}`,
        opType: op,
        domain: options.domain ?? '',
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => attribute(name, value)),
      }),
    );
  }

  /** Writes `file` and, beside it, `<file>.data` with the weights. */
  async save(file: string): Promise<void> {
    const dataFile = `${file}.data`;
    const data = await open(dataFile, 'w');
    try {
      let offset = 0;
      for (const { tensor, bytes } of this.#external) {
        if (bytes.byteLength >= mappedFromBytes) offset = Math.ceil(offset / mapAlignment) * mapAlignment;
        await data.write(bytes, 0, bytes.byteLength, offset);
        tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
        tensor.externalData = Object.entries({
          location: basename(dataFile),
          offset: String(offset),
          length: String(bytes.byteLength),
        }).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
        offset += bytes.byteLength;
      }
      await data.sync();
    } finally {
      await data.close();
    }
    const model = await open(file, 'w');
    try {
      await model.writeFile(this.#encode());
      await model.sync();
    } finally {
      await model.close();
    }
  }

  #encode(): Uint8Array {
    const opset = (domain: string, version: bigint) => create(OperatorSetIdProtoSchema, { domain, version });
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 9n,
        producerName: 'storyloom',
        opsetImport: [opset('', 18n), opset('com.microsoft', 1n)],
        graph: create(GraphProtoSchema, {
          name: 'model',
          node: this.#nodes,
          input: this.#inputs,
          output: this.#outputs,
          initializer: this.#initializers,
        }),
      }),
    );
  }
}

interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  readonly output?: string;
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  return typeof value === 'number'
    ? create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
    : create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float });
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: elementTypes[type],
          shape: {
            dim: shape.map((size) => ({
              value:
                typeof size === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(size) }
                  : { case: 'dimParam' as const, value: size },
            })),
          },
        },
      },
    },
  });
}

import { create } from '@bufbuild/protobuf';
import { type AttributeProto, AttributeProto_AttributeType, AttributeProtoSchema } from 'onnx-buf';
import type { Q8Matrix } from './matrix.ts';

/** Activations are rounded to 8 bits per block inside the kernel; weights stay as stored. */
const int8Compute = 4;

/** Attributes of com.microsoft MatMulNBits for a matrix. */
export const matMulNBitsAttributes = ({ rows, columns, blockSize }: Q8Matrix) => ({
  K: columns,
  N: rows,
  bits: 8,
  block_size: blockSize,
  accuracy_level: int8Compute,
});

/** What a node needs, besides its inputs and outputs, to be the multiplication with `matrix`. */
export const matMulNBits = (
  matrix: Q8Matrix,
): { opType: string; domain: string; attribute: AttributeProto[] } => ({
  opType: 'MatMulNBits',
  domain: 'com.microsoft',
  attribute: Object.entries(matMulNBitsAttributes(matrix)).map(([name, value]) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) }),
  ),
});

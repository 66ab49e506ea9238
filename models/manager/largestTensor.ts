import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of one element by ONNX data type; 4-bit types are counted as a byte. */
const elementBytes: Readonly<Record<number, number>> = {
  1: 4, // float
  2: 1, // uint8
  3: 1, // int8
  4: 2, // uint16
  5: 2, // int16
  6: 4, // int32
  7: 8, // int64
  9: 1, // bool
  10: 2, // float16
  11: 8, // double
  12: 4, // uint32
  13: 8, // uint64
  16: 2, // bfloat16
};

const field = { graph: 7, initializer: 5, dims: 1, dataType: 2 } as const;
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * The size of the largest weight in these graphs, which is the largest allocation that loading makes; `null` where a
 * graph cannot be read. Weights are skipped, not read: a graph of gigabytes takes milliseconds.
 */
export async function largestTensorBytes(folder: string, graphs: readonly string[]): Promise<number | null> {
  let largest = 0;
  for (const graph of new Set(graphs)) {
    const found = await largestOf(join(folder, graph)).catch(() => null);
    if (found === null) return null;
    largest = Math.max(largest, found);
  }
  return largest || null;
}

async function largestOf(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const reader = new Reader(handle, (await handle.stat()).size);
    let largest = 0;
    for await (const model of reader.fields(0, reader.size)) {
      if (model.number !== field.graph || model.wire !== wire.bytes) continue;
      for await (const graph of reader.fields(model.start, model.end)) {
        if (graph.number !== field.initializer || graph.wire !== wire.bytes) continue;
        largest = Math.max(largest, await tensorBytes(reader, graph.start, graph.end));
      }
    }
    return largest;
  } finally {
    await handle.close();
  }
}

async function tensorBytes(reader: Reader, start: number, end: number): Promise<number> {
  let elements = 1;
  let size = 4;
  for await (const part of reader.fields(start, end)) {
    if (part.number === field.dataType) size = elementBytes[part.value] ?? 1;
    if (part.number !== field.dims) continue;
    if (part.wire === wire.varint) {
      elements *= part.value;
      continue;
    }
    for (let at = part.start; at < part.end; ) {
      const dimension = await reader.varint(at);
      elements *= dimension.value;
      at = dimension.next;
    }
  }
  return elements * size;
}

interface Field {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

const windowBytes = 64 * 1024;

/** Walks a protobuf message on disk through a small window. */
class Reader {
  readonly size: number;
  readonly #handle: FileHandle;
  #window = Buffer.alloc(0);
  #windowAt = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  async *fields(start: number, end: number): AsyncGenerator<Field> {
    let at = start;
    while (at < end) {
      const tag = await this.varint(at);
      const number = Math.floor(tag.value / 8);
      const kind = tag.value % 8;
      let value = 0;
      let from = tag.next;
      let to = from;
      if (kind === wire.varint) ({ value, next: to } = await this.varint(from));
      else if (kind === wire.bytes) {
        const length = await this.varint(from);
        from = length.next;
        to = from + length.value;
      } else if (kind === wire.fixed64) to = from + 8;
      else if (kind === wire.fixed32) to = from + 4;
      else throw new RangeError('not a protobuf message');
      if (to > end) throw new RangeError('a field leads out of its message');
      yield { number, wire: kind, value, start: from, end: to };
      at = to;
    }
  }

  async varint(at: number): Promise<{ value: number; next: number }> {
    let value = 0;
    let scale = 1;
    for (let next = at; next < at + 10; next++) {
      const byte = await this.#byte(next);
      value += (byte & 127) * scale;
      if (byte < 128) return { value, next: next + 1 };
      scale *= 128;
    }
    throw new RangeError('not a number');
  }

  async #byte(at: number): Promise<number> {
    if (at < this.#windowAt || at >= this.#windowAt + this.#window.length) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(windowBytes), 0, windowBytes, at);
      this.#window = buffer.subarray(0, bytesRead);
      this.#windowAt = at;
    }
    const byte = this.#window[at - this.#windowAt];
    if (byte === undefined) throw new RangeError('the file ends too soon');
    return byte;
  }
}

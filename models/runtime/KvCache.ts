import { Tensor } from 'onnxruntime-node';
import type { CacheType, DecoderConfig } from './decoderConfig.ts';

type CacheShape = Pick<DecoderConfig, 'layers' | 'kvHeads' | 'headSize' | 'contextTokens'>;
type Rows = Float32Array | Uint16Array;

/**
 * Cache rows come in steps of so many. At every token the attention clears and copies whole buffers, empty rows too, so that
 * doubling them would cost more than moving them often.
 */
const capacityStep = 128;

/**
 * Keys and values of some texts side by side, each in a slot of its own, in buffers that the graph reads where they lie.
 * Half-precision numbers are kept as their bits: nothing here computes with them.
 */
export class KvCache {
  readonly #shape: CacheShape;
  readonly #type: CacheType;
  #slots = 1;
  #capacity: number;
  /** By tensor name: [slots, kvHeads, capacity, headSize] */
  #buffers: ReadonlyMap<string, Rows>;

  constructor(shape: CacheShape, type: CacheType = 'float32') {
    this.#shape = shape;
    this.#type = type;
    this.#capacity = this.#capacityFor(1);
    this.#buffers = new Map(
      Array.from({ length: shape.layers }, (_, layer) => String(layer))
        .flatMap((layer) => [`${layer}.key`, `${layer}.value`])
        .map((name) => [name, this.#allocate(1, this.#capacity)]),
    );
  }

  get slots(): number {
    return this.#slots;
  }

  /** Tokens that a slot has room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The inputs `past.…` for `count` slots from `first`. */
  feeds(first: number, count: number): Record<string, Tensor> {
    const { kvHeads, headSize } = this.#shape;
    const dims = [count, kvHeads, this.#capacity, headSize];
    const size = this.#slotSize();
    return Object.fromEntries(
      Array.from(this.#buffers, ([name, rows]) => {
        const part = rows.subarray(first * size, (first + count) * size);
        return [`past.${name}`, tensorOf(part, dims)];
      }),
    );
  }

  /**
   * Puts what a step computed (`new.…`, one row per token, heads side by side) behind the `position` tokens that a slot
   * holds (heads one after the other). `place` is the slot's row in the step's batch.
   */
  append(
    outputs: Readonly<Record<string, Tensor | undefined>>,
    { slot, place, tokens, position }: { slot: number; place: number; tokens: number; position: number },
  ): void {
    const { kvHeads, headSize } = this.#shape;
    const slotStart = slot * this.#slotSize();
    for (const [name, rows] of this.#buffers) {
      const added = this.#rowsOf(outputs, `new.${name}`);
      for (let token = 0; token < tokens; token++) {
        for (let head = 0; head < kvHeads; head++) {
          const from = ((place * tokens + token) * kvHeads + head) * headSize;
          const to = slotStart + (head * this.#capacity + position + token) * headSize;
          rows.set(added.subarray(from, from + headSize), to);
        }
      }
    }
  }

  /** Makes room for `tokens` in every slot. */
  reserve(tokens: number): void {
    const capacity = this.#capacityFor(tokens);
    if (capacity > this.#capacity) this.#rearrange(this.#slots, capacity);
  }

  /** Gives up room where no slot will hold more than `tokens`, once that is more than half of it. */
  shrink(tokens: number): void {
    const capacity = this.#capacityFor(tokens);
    if (2 * capacity < this.#capacity) this.#rearrange(this.#slots, capacity);
  }

  /** Keeps the first slots, as many as there will be. */
  setSlots(slots: number): void {
    if (slots !== this.#slots) this.#rearrange(slots, this.#capacity);
  }

  /** Gives a slot what another one holds. */
  copy(from: number, to: number): void {
    const size = this.#slotSize();
    for (const rows of this.#buffers.values()) rows.copyWithin(to * size, from * size, (from + 1) * size);
  }

  #capacityFor(tokens: number): number {
    return Math.min(capacityStep * Math.ceil(tokens / capacityStep), this.#shape.contextTokens);
  }

  #slotSize(): number {
    return this.#shape.kvHeads * this.#capacity * this.#shape.headSize;
  }

  #allocate(slots: number, capacity: number): Rows {
    const size = slots * this.#shape.kvHeads * capacity * this.#shape.headSize;
    return this.#type === 'float16' ? new Uint16Array(size) : new Float32Array(size);
  }

  #rearrange(slots: number, capacity: number): void {
    const { kvHeads, headSize } = this.#shape;
    const [before, kept] = [this.#capacity * headSize, Math.min(slots, this.#slots) * kvHeads];
    const shared = Math.min(before, capacity * headSize);
    this.#buffers = new Map(
      Array.from(this.#buffers, ([name, rows]) => {
        const moved = this.#allocate(slots, capacity);
        for (let head = 0; head < kept; head++) {
          moved.set(rows.subarray(head * before, head * before + shared), head * capacity * headSize);
        }
        return [name, moved];
      }),
    );
    this.#slots = slots;
    this.#capacity = capacity;
  }

  /** Half-precision outputs come as a `Float16Array` where the language has one: the same bits. */
  #rowsOf(outputs: Readonly<Record<string, Tensor | undefined>>, name: string): Rows {
    const tensor = outputs[name];
    if (tensor?.type !== this.#type) throw new Error(`the graph has no ${this.#type} output ${name}`);
    const data = tensor.data as Rows;
    return this.#type === 'float32' ? data : new Uint16Array(data.buffer, data.byteOffset, data.length);
  }
}

/** onnxruntime-node reads half-precision bits only, while its tensors turn them into a `Float16Array` where there is one. */
function tensorOf(rows: Rows, dims: readonly number[]): Tensor {
  if (rows instanceof Float32Array) return new Tensor('float32', rows, dims);
  return Object.defineProperty(new Tensor('float16', rows, dims), 'data', { value: rows });
}

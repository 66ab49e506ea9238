import { Tensor } from 'onnxruntime-node';
import type { PositionKind } from './decoderConfig.ts';
import type { Embedder } from './Embedder.ts';
import { gridPositions, plainPositions, rotaryRows } from './positions.ts';

/** One text in a step: all of its tokens, of which those from `from` on are new. */
export interface StepRow {
  readonly tokens: readonly number[];
  readonly from: number;
}

/** What a graph is told of new tokens: who they are and where they stand. Every row has equally many. */
export interface StepInput {
  feeds(rows: readonly StepRow[]): Promise<Record<string, Tensor>>;
}

const int64 = (values: Iterable<number>, dims: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), dims);

/** For graphs that embed tokens and turn positions by themselves; one text at a time. */
export const tokenInput: StepInput = {
  async feeds([row]) {
    if (!row) throw new RangeError('a step without a text');
    const added = row.tokens.slice(row.from);
    return { input_ids: int64(added, [1, added.length]), position: int64([row.from], [1]) };
  },
};

/** For graphs that take embedded tokens, so that pictures stand among words. */
export class EmbeddedInput implements StepInput {
  readonly #embedder: Embedder;
  readonly #positions: PositionKind;
  readonly #headSize: number;

  constructor(embedder: Embedder, positions: PositionKind, headSize: number) {
    this.#embedder = embedder;
    this.#positions = positions;
    this.#headSize = headSize;
  }

  async feeds(rows: readonly StepRow[]): Promise<Record<string, Tensor>> {
    const added = rows.flatMap(({ tokens, from }) => tokens.slice(from));
    const embedded = await this.#embedder.embed(added);
    const dims = [rows.length, added.length / rows.length];
    return {
      inputs_embeds: new Tensor('float32', embedded, [...dims, embedded.length / added.length]),
      ...this.#places(rows, dims),
    };
  }

  #places(rows: readonly StepRow[], dims: readonly number[]): Record<string, Tensor> {
    const kind = this.#positions;
    if (kind.kind === 'learned' || kind.kind === 'relative') {
      const places = rows.flatMap(({ tokens, from }) => tokens.slice(from).map((_, index) => from + index));
      return { position_ids: int64(places, dims) };
    }
    const gridOf = (key: number) => this.#embedder.pictures.of(key).grid;
    const triples = rows.flatMap(({ tokens, from }) =>
      Array.from(
        kind.kind === 'mrope' ? gridPositions(tokens, from, gridOf) : plainPositions(tokens.length, from),
      ),
    );
    const sections = kind.kind === 'mrope' ? kind.sections : undefined;
    const turned = rotaryRows(Int32Array.from(triples), {
      theta: kind.theta,
      headSize: this.#headSize,
      sections,
    });
    const shape = [turned.rows, this.#headSize / 2];
    return {
      position_ids: int64(Array(turned.rows).keys(), dims),
      rotary_cos: new Tensor('float32', turned.cos, shape),
      rotary_sin: new Tensor('float32', turned.sin, shape),
    };
  }
}

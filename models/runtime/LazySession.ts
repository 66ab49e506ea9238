import { stat } from 'node:fs/promises';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import { openPlaced, type PlacedSession, runError } from './sessions.ts';
import { unit } from './vectors.ts';

/** A tensor on its way in. */
export type Input =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly shape: readonly number[] };

/** Rows of numbers that came out. */
export interface Rows {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** A graph that is opened when it is first needed, so that a model's other half may stay on the disk. One caller at a time. */
export class LazySession implements AsyncDisposable {
  /** Of the graph and the weights beside it. */
  readonly fileBytes: number;
  readonly #file: string;
  readonly #devices: readonly Device[];
  #opened: PlacedSession | null = null;

  private constructor(file: string, fileBytes: number, devices: readonly Device[]) {
    this.#file = file;
    this.#devices = devices;
    this.fileBytes = fileBytes;
  }

  /** A graph that stays closed for now. Errors: model/damaged where there is no such file. */
  static async at(file: string, devices: readonly Device[] = ['cpu']): Promise<LazySession> {
    if ((await sizeOf(file)) === 0)
      throw new AppError('model/damaged', 'A graph of the model is missing or empty');
    return new LazySession(file, await weightBytes(file), devices);
  }

  get isOpen(): boolean {
    return this.#opened !== null;
  }

  /** Where it was opened; `null` before. */
  get placement(): Placement | null {
    return this.#opened?.placement ?? null;
  }

  /** Names of the graph's inputs. Errors: model/*. */
  async inputNames(): Promise<readonly string[]> {
    return (await this.#open()).inputNames;
  }

  /** Runs the graph with those of `inputs` that it has, for one output. Errors: model/*. */
  async run(inputs: Readonly<Record<string, Input>>, output: string): Promise<Rows> {
    const session = await this.#open();
    try {
      const feeds = session.inputNames.flatMap((name) => {
        const input = inputs[name];
        return input ? [[name, tensorOf(input)] as const] : [];
      });
      const { [output]: tensor } = await session.run(Object.fromEntries(feeds), [output]);
      if (!(tensor?.data instanceof Float32Array)) throw new Error(`the graph has no output ${output}`);
      return { data: tensor.data, shape: tensor.dims };
    } catch (error) {
      throw runError(error);
    }
  }

  async #open(): Promise<InferenceSession> {
    this.#opened ??= await openPlaced(this.#file, this.#devices);
    return this.#opened.session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.session.release();
  }
}

/** Bytes of a graph and of the weights beside it. */
export async function weightBytes(file: string): Promise<number> {
  const sizes = await Promise.all([file, `${file}.data`, `${file}_data`].map(sizeOf));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

const tensorOf = (input: Input): Tensor =>
  input.type === 'int64'
    ? new Tensor('int64', input.data, input.shape)
    : new Tensor('float32', input.data, input.shape);

/** The rows one by one, each scaled to length 1. */
export function unitRows({ data, shape }: Rows): Float32Array[] {
  const size = shape.at(-1) ?? 0;
  return Array.from({ length: data.length / size }, (_, row) =>
    unit(data.subarray(row * size, (row + 1) * size)),
  );
}

/**
 * The forward pass of llama2.c (run.c), transcribed plainly in float32 from its own file layout, sharing no code with the
 * product: what our graphs are compared with.
 */
export class Llama2cReference {
  readonly vocabSize: number;
  readonly #config: { dim: number; hidden: number; layers: number; heads: number; kvHeads: number };
  readonly #w: Record<string, Float32Array>;
  readonly #keys: Float32Array[][];
  readonly #values: Float32Array[][];

  constructor(checkpoint: Uint8Array) {
    const file = new Uint8Array(checkpoint).buffer;
    const [dim = 0, hidden = 0, layers = 0, heads = 0, kvHeads = 0, vocab = 0] = new Int32Array(file, 0, 7);
    this.#config = { dim, hidden, layers, heads, kvHeads };
    this.vocabSize = Math.abs(vocab);
    const kvDim = (dim * kvHeads) / heads;
    let offset = 28;
    const take = (count: number) => {
      const part = new Float32Array(file, offset, count);
      offset += count * 4;
      return part;
    };
    this.#w = {
      embedding: take(this.vocabSize * dim),
      rmsAtt: take(layers * dim),
      wq: take(layers * dim * dim),
      wk: take(layers * dim * kvDim),
      wv: take(layers * dim * kvDim),
      wo: take(layers * dim * dim),
      rmsFfn: take(layers * dim),
      w1: take(layers * dim * hidden),
      w2: take(layers * hidden * dim),
      w3: take(layers * dim * hidden),
      rmsFinal: take(dim),
    };
    this.#keys = Array.from({ length: layers }, () => []);
    this.#values = Array.from({ length: layers }, () => []);
  }

  /** Logits after `token` at `position`; positions must come in order from 0. */
  forward(token: number, position: number): Float32Array {
    const { dim, hidden, layers, heads, kvHeads } = this.#config;
    const headSize = dim / heads;
    const kvDim = headSize * kvHeads;
    const layer = (name: string, index: number, size: number) =>
      this.#weights(name).subarray(index * size, (index + 1) * size);
    const x = Float32Array.from(this.#weights('embedding').subarray(token * dim, (token + 1) * dim));
    for (let l = 0; l < layers; l++) {
      const normed = rmsNorm(x, layer('rmsAtt', l, dim));
      const q = matmul(layer('wq', l, dim * dim), normed, dim);
      const k = matmul(layer('wk', l, dim * kvDim), normed, kvDim);
      const v = matmul(layer('wv', l, dim * kvDim), normed, kvDim);
      rotate(q, headSize, position);
      rotate(k, headSize, position);
      this.#keys[l]?.push(k);
      this.#values[l]?.push(v);
      const attended = new Float32Array(dim);
      for (let head = 0; head < heads; head++) {
        const at = head * headSize;
        const kv = Math.floor(head / (heads / kvHeads)) * headSize;
        const scores = (this.#keys[l] ?? []).map((key) => {
          let sum = 0;
          for (let i = 0; i < headSize; i++) sum += (q[at + i] ?? 0) * (key[kv + i] ?? 0);
          return sum / Math.sqrt(headSize);
        });
        const peak = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - peak));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (const [t, weight] of weights.entries()) {
          const value = this.#values[l]?.[t];
          for (let i = 0; i < headSize; i++) {
            attended[at + i] = (attended[at + i] ?? 0) + (weight / total) * (value?.[kv + i] ?? 0);
          }
        }
      }
      add(x, matmul(layer('wo', l, dim * dim), attended, dim));
      const fed = rmsNorm(x, layer('rmsFfn', l, dim));
      const gate = matmul(layer('w1', l, dim * hidden), fed, hidden);
      const up = matmul(layer('w3', l, dim * hidden), fed, hidden);
      const swiglu = gate.map((value, i) => (value / (1 + Math.exp(-value))) * (up[i] ?? 0));
      add(x, matmul(layer('w2', l, hidden * dim), swiglu, dim));
    }
    return matmul(this.#weights('embedding'), rmsNorm(x, this.#weights('rmsFinal')), this.vocabSize);
  }

  #weights(name: string): Float32Array {
    const weights = this.#w[name];
    if (!weights) throw new Error(`no weights ${name}`);
    return weights;
  }
}

function rmsNorm(x: Float32Array, weight: Float32Array): Float32Array {
  let squares = 0;
  for (const value of x) squares += value * value;
  const scale = 1 / Math.sqrt(squares / x.length + 1e-5);
  return x.map((value, i) => (weight[i] ?? 0) * value * scale);
}

function matmul(weight: Float32Array, x: Float32Array, rows: number): Float32Array {
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (weight[row * x.length + i] ?? 0) * (x[i] ?? 0);
    out[row] = sum;
  }
  return out;
}

/** Turns neighbouring pairs, as llama2.c does. */
function rotate(vector: Float32Array, headSize: number, position: number): void {
  for (let i = 0; i < vector.length; i += 2) {
    const angle = position / 10_000 ** ((i % headSize) / headSize);
    const [a, b] = [vector[i] ?? 0, vector[i + 1] ?? 0];
    vector[i] = a * Math.cos(angle) - b * Math.sin(angle);
    vector[i + 1] = a * Math.sin(angle) + b * Math.cos(angle);
  }
}

function add(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) + (y[i] ?? 0);
}

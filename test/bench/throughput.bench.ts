import { existsSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Contender, type Taken } from './throughput/contender.ts';

/**
 * Our runtime beside `@huggingface/transformers` and llama.cpp, both called directly, on the same weights and in turns:
 * time to the first token, tokens a second as the context grows, pictures a second through CLIP.
 *
 *     pip install gguf                     (into the exporter's environment)
 *     python test/bench/throughput/prepare.py .cache/bench/throughput
 *     npm install --prefix test/bench/peers
 *     npx node test/bench/throughput.bench.ts [--rounds 3] [--threads 2] [--contexts 64,512,2000] [--batches 1,8,32]
 *
 * Time on the clock is what a writer waits; time on the processors is told beside it, because it suffers less from what
 * else a machine does.
 */
const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: '.cache/bench/throughput' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    contexts: { type: 'string', default: '64,512,2000' },
    batches: { type: 'string', default: '1,8,32' },
  },
});
const folder = resolve(options.folder);
const rounds = Number(options.rounds);
const numbersIn = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number));
/** Tokens that an engine writes before it is the next one's turn, and turns in a round. */
const slice = { tokens: 8, turns: 6 };

if (!existsSync(join(folder, 'expected.json'))) throw new Error(`no models in ${folder}: see prepare.py`);
try {
  setPriority(-15);
} catch {
  console.log('without the right to go before other work');
}

/** Of an even count the mean of the middle two: the upper one alone would flatter one side of a ratio. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [lower = 0, upper = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (lower + upper) / 2;
}

const rounded = (value: number): number => Number(value.toPrecision(3));

/** Times of the engines in turns, ours first. Ratios are of neighbours, so that both saw the same machine. */
class Times {
  readonly #taken = new Map<string, Taken<unknown>[]>();

  add(name: string, taken: Taken<unknown>): void {
    this.#taken.set(name, [...(this.#taken.get(name) ?? []), taken]);
  }

  of(name: string, clock: 'ms' | 'cpuMs'): number {
    return median((this.#taken.get(name) ?? []).map((taken) => taken[clock]));
  }

  /** How often ours goes in the time of another one. */
  ratio(ours: string, other: string, clock: 'ms' | 'cpuMs'): number {
    const mine = this.#taken.get(ours) ?? [];
    return median(
      (this.#taken.get(other) ?? []).map((taken, turn) => taken[clock] / (mine[turn]?.[clock] ?? 0)),
    );
  }
}

const start = (name: string, file: string, ...args: readonly string[]): Promise<Contender> =>
  Contender.start(name, new URL(file, import.meta.url), args);

/** A prompt that no engine has seen before, so that nothing of it is in a cache. */
const promptOf = (length: number, round: number): number[] =>
  Array.from({ length }, (_, index) => 1 + ((index * 7919 + 104_729 * round + length) % 151_000));

async function compareWriting(): Promise<void> {
  const { threads } = options;
  await using ours = await start('ours', 'throughput/ours.ts', join(folder, 'ours'), threads);
  await using direct = await start(
    'transformers.js',
    'peers/transformersJs.ts',
    join(folder, 'transformers-js'),
    threads,
  );
  await using llama = await start(
    'llama.cpp',
    'peers/llamaCpp.ts',
    join(folder, 'decoder.q4_0.gguf'),
    threads,
  );
  const engines = [ours, direct, llama];
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
    'prompt' | 'ids',
    number[]
  >;
  console.log(`PyTorch, float32: ${expected.ids.join(' ')}`);
  for (const engine of engines) {
    const { result: first } = await engine.call<number>('begin', expected.prompt);
    const { result: others } = await engine.call<number[]>('goOn', expected.ids.length - 1);
    console.log(`${engine.name}: ${[first, ...others].join(' ')}`);
  }
  const table = [];
  for (const context of numbersIn(options.contexts)) {
    const [firsts, others] = [new Times(), new Times()];
    for (let round = 0; round < rounds; round++) {
      const prompt = promptOf(context, round);
      for (const engine of engines) firsts.add(engine.name, await engine.call('begin', prompt));
      for (let turn = 0; turn < slice.turns; turn++) {
        for (const engine of engines) others.add(engine.name, await engine.call('goOn', slice.tokens));
      }
    }
    for (const { name } of engines) {
      table.push({
        context,
        engine: name,
        'first token, ms': rounded(firsts.of(name, 'ms')),
        'of processors': rounded(firsts.of(name, 'cpuMs')),
        'ours is faster by': rounded(firsts.ratio(ours.name, name, 'ms')),
        '(processors)': rounded(firsts.ratio(ours.name, name, 'cpuMs')),
        'tokens/s': rounded((1000 * slice.tokens) / others.of(name, 'ms')),
        'ms of processors a token': rounded(others.of(name, 'cpuMs') / slice.tokens),
        'ours is faster by ': rounded(others.ratio(ours.name, name, 'ms')),
        '(processors) ': rounded(others.ratio(ours.name, name, 'cpuMs')),
      });
    }
  }
  console.table(table);
}

/** A picture with detail everywhere, the same on every run. */
function noise(width: number, height: number, seed: number) {
  const rgb = new Uint8Array(width * height * 3);
  let state = seed;
  for (let index = 0; index < rgb.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rgb[index] = state >>> 24;
  }
  return { width, height, rgb };
}

function smallestCosine(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  const cosines = some.map((row, index) =>
    row.reduce((sum, value, place) => sum + value * (others[index]?.[place] ?? 0), 0),
  );
  return Math.min(...cosines);
}

async function comparePictures(): Promise<void> {
  await using ours = await start('ours', 'throughput/oursClip.ts', join(folder, 'clip'));
  await using direct = await start(
    'transformers.js',
    'peers/transformersJsClip.ts',
    join(folder, 'clip-transformers-js'),
  );
  const table = [];
  for (const batch of numbersIn(options.batches)) {
    const pictures = Array.from({ length: batch }, (_, index) => noise(640, 480, index + 1));
    await ours.call('prepare', pictures);
    const times = new Times();
    let cosine = 1;
    for (let round = -1; round < 2 * rounds; round++) {
      const mine = await ours.call<Float32Array[]>('encode', pictures);
      const bare = await ours.call('runBare');
      const theirs = await direct.call<Float32Array[]>('encode', pictures);
      cosine = Math.min(cosine, smallestCosine(mine.result, theirs.result));
      if (round < 0) continue;
      for (const [name, taken] of [
        ['ours', mine],
        ['bare session, ready pixels', bare],
        ['transformers.js', theirs],
      ] as const) {
        times.add(name, taken);
      }
    }
    for (const name of ['ours', 'bare session, ready pixels', 'transformers.js']) {
      table.push({
        batch,
        engine: name,
        'pictures/s': rounded((1000 * batch) / times.of(name, 'ms')),
        'ms of processors a picture': rounded(times.of(name, 'cpuMs') / batch),
        'ours is faster by': rounded(times.ratio('ours', name, 'ms')),
        '(processors)': rounded(times.ratio('ours', name, 'cpuMs')),
        'smallest cosine': name === 'transformers.js' ? rounded(cosine) : '',
      });
    }
  }
  console.table(table);
}

if (options.batches !== '') await comparePictures();
if (options.contexts !== '') await compareWriting();

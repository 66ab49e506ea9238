import type { Sampling } from '#shared/models/task.ts';

/** Numbers in [0, 1) from a seed: the same seed gives the same numbers everywhere (sfc32). */
export function createRandom(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let d = seed | 0;
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** Makes tokens in `recent` less likely, in place, once each: positive logits are divided, negative multiplied. */
export function penalizeRepetition(logits: Float32Array, recent: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(recent)) {
    const logit = logits[id];
    if (logit !== undefined) logits[id] = logit > 0 ? logit / penalty : logit * penalty;
  }
}

/** Makes tokens impossible to draw, in place. */
export function forbid(logits: Float32Array, ids: Iterable<number>): void {
  for (const id of ids) logits[id] = Number.NEGATIVE_INFINITY;
}

/** A token that may be drawn, with its probability among those that may. */
export interface Candidate {
  readonly id: number;
  readonly probability: number;
}

type Filters = Pick<Sampling, 'temperature' | 'topK' | 'topP'>;

/** Id of the largest logit; the lowest id among equals. */
export function largest(logits: Float32Array): number {
  let best = 0;
  let most = value(logits, 0);
  for (let id = 1; id < logits.length; id++) {
    const logit = value(logits, id);
    if (logit > most) {
      best = id;
      most = logit;
    }
  }
  return best;
}

/** Tokens beyond this distance have together less than e^-30 of the best one's weight, which changes no rounding. */
const negligible = 30;

/**
 * The tokens left after temperature, top-k and top-p, most likely first; their probabilities sum to 1. Top-p keeps the
 * smallest set of most likely tokens whose probability reaches it. Both are exact.
 */
export function candidates(logits: Float32Array, { temperature, topK, topP }: Filters): Candidate[] {
  const best = largest(logits);
  if (temperature === 0) return [{ id: best, probability: 1 }];
  const peak = value(logits, best);
  const weightOf = (id: number): number => Math.exp((value(logits, id) - peak) / temperature);
  const everything = topK > 0 ? 0 : weightOfAll(logits, peak, temperature);
  const ids = topK > 0 ? mostLikely(logits, topK) : reachable(logits, peak, temperature, topP, everything);
  const sorted = ids
    .map((id) => ({ id, weight: weightOf(id) }))
    .sort((a, b) => b.weight - a.weight || a.id - b.id);
  const target = topP * (topK > 0 ? sumOf(sorted) : everything);
  const kept = topP < 1 ? sorted.slice(0, nucleusSize(sorted, target)) : sorted;
  const total = sumOf(kept);
  return kept.map(({ id, weight }) => ({ id, probability: weight / total }));
}

/** Draws a token. `random` is in [0, 1). */
export function draw(choices: readonly Candidate[], random: number): number {
  let left = random;
  for (const { id, probability } of choices) {
    left -= probability;
    if (left < 0) return id;
  }
  return choices.at(-1)?.id ?? 0;
}

/** A logit of a token that exists. */
const value = (logits: Float32Array, id: number): number => logits[id] as number;

const sumOf = (list: readonly { readonly weight: number }[]): number =>
  list.reduce((sum, { weight }) => sum + weight, 0);

function nucleusSize(sorted: readonly { readonly weight: number }[], target: number): number {
  let reached = 0;
  for (const [index, { weight }] of sorted.entries()) {
    reached += weight;
    if (reached >= target) return index + 1;
  }
  return sorted.length;
}

/** The logit below which a token weighs nothing, even with all the others like it. */
const negligibleLogit = (logits: Float32Array, peak: number, temperature: number): number =>
  peak - temperature * (Math.log(logits.length) + negligible);

/** Sum of e^((logit − peak) / temperature) over the whole vocabulary. */
function weightOfAll(logits: Float32Array, peak: number, temperature: number): number {
  const least = negligibleLogit(logits, peak, temperature);
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = value(logits, id);
    if (logit >= least) sum += Math.exp((logit - peak) / temperature);
  }
  return sum;
}

/**
 * Tokens that can be in the nucleus. The others are each less likely than (1 − p) / n, so that all of them together
 * cannot be needed to reach p: leaving them out changes nothing and saves sorting the vocabulary.
 */
function reachable(
  logits: Float32Array,
  peak: number,
  temperature: number,
  topP: number,
  everything: number,
): number[] {
  const needless = topP < 1 ? Math.log((everything * (1 - topP)) / logits.length) : Number.NEGATIVE_INFINITY;
  const least = Math.max(
    negligibleLogit(logits, peak, temperature),
    peak + temperature * Math.min(0, needless),
  );
  const ids: number[] = [];
  for (let id = 0; id < logits.length; id++) if (value(logits, id) >= least) ids.push(id);
  return ids;
}

/** Ids of the `count` largest logits (lower ids win ties), through a heap whose top is the worst one kept. */
function mostLikely(logits: Float32Array, count: number): number[] {
  const heap: number[] = [];
  const worse = (a: number, b: number): boolean => {
    const difference = value(logits, a) - value(logits, b);
    return difference < 0 || (difference === 0 && a > b);
  };
  const at = (index: number): number => heap[index] ?? 0;
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [at(j), at(i)];
  };
  const sink = (): void => {
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let worst = parent;
      if (left < heap.length && worse(at(left), at(worst))) worst = left;
      if (right < heap.length && worse(at(right), at(worst))) worst = right;
      if (worst === parent) return;
      swap(parent, worst);
      parent = worst;
    }
  };
  for (let id = 0; id < logits.length; id++) {
    if (heap.length < count) {
      heap.push(id);
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!worse(at(child), at(parent))) break;
        swap(child, parent);
        child = parent;
      }
    } else if (worse(at(0), id)) {
      heap[0] = id;
      sink();
    }
  }
  return heap;
}

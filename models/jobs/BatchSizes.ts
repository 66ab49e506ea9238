/** Runs of one size that are looked at: the last ones. */
const remembered = 9;
/** Runs of a size before anything is concluded from them; the first may have opened a graph. */
const enough = 3;
/** A larger batch must be worth its longer wait. */
const asGoodAs = 0.97;
/** After so many runs a size that is not used is tried again: the machine may have changed. */
const retryAfterRuns = 128;
/** A run that took no longer computed nothing: its results were remembered. */
const instantMs = 0.1;
/** A call that may find company waits for it at most for this part of its own time. */
const shareOfRun = 0.05;

/** What the runs of one size achieved. */
interface Measured {
  /** Work a millisecond, the newest last. */
  readonly rates: number[];
  readonly times: number[];
  lastRun: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The largest power of two that is not above. */
const classOf = (items: number): number => 2 ** Math.floor(Math.log2(Math.max(1, items)));

/**
 * Finds out which batch size pays for one kind of call, by what the runs themselves take: every power of two is tried a few
 * times when enough waits anyway, then the smallest that is about as good as the best is used.
 */
export class BatchSizes {
  readonly #measured = new Map<number, Measured>();
  #runs = 0;
  #refused = Number.POSITIVE_INFINITY;

  /** There was no memory for a run of so many items: none as large is tried again. */
  refuse(items: number): void {
    this.#refused = Math.min(this.#refused, classOf(items));
  }

  /** A run of `items` did this much work (items, or tokens written) in this time. */
  note(items: number, work: number, ms: number): void {
    if (ms < instantMs) return;
    const size = classOf(items);
    const measured = this.#measured.get(size) ?? { rates: [], times: [], lastRun: 0 };
    measured.rates.push(work / ms);
    measured.times.push(ms);
    if (measured.rates.length > remembered) {
      measured.rates.shift();
      measured.times.shift();
    }
    this.#runs += 1;
    measured.lastRun = this.#runs;
    this.#measured.set(size, measured);
    this.#forgetOldest();
  }

  /** Items to run together, `most` at most, when `waiting` items are there already. */
  size(most: number, waiting: number): number {
    const sizes = sizesUpTo(most).filter((size) => size === 1 || size < this.#refused);
    const untried = sizes.find((size) => !this.#knows(size) && size <= waiting);
    if (untried !== undefined) return untried;
    const known = sizes.filter((size) => this.#knows(size));
    const best = Math.max(...known.map((size) => this.#rate(size)));
    return known.find((size) => this.#rate(size) >= asGoodAs * best) ?? 1;
  }

  /** How long a call may wait for others, at most `mostMs`: nothing where sharing does not pay or is not known to. */
  waitMs(most: number, mostMs: number): number {
    if (this.size(most, 0) === 1) return 0;
    return Math.min(mostMs, shareOfRun * median(this.#measured.get(1)?.times ?? []));
  }

  #knows(size: number): boolean {
    return (this.#measured.get(size)?.rates.length ?? 0) >= enough;
  }

  #rate(size: number): number {
    return median(this.#measured.get(size)?.rates ?? []);
  }

  #forgetOldest(): void {
    if (this.#runs % retryAfterRuns !== 0) return;
    const [oldest] = [...this.#measured].toSorted(([, a], [, b]) => a.lastRun - b.lastRun);
    if (oldest && this.#runs - oldest[1].lastRun >= retryAfterRuns / 2) this.#measured.delete(oldest[0]);
  }
}

const sizesUpTo = (most: number): number[] =>
  Array.from({ length: Math.floor(Math.log2(Math.max(1, most))) + 1 }, (_, power) => 2 ** power);

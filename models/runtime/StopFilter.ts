/** Lets text through until one of the stop strings appears, holding back what may be the beginning of one. */
export class StopFilter {
  readonly #stops: readonly string[];
  #held = '';
  #stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** Whether a stop string was met; nothing passes after it. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Takes the next text; returns what is surely before any stop string. */
  push(text: string): string {
    if (this.#stopped) return '';
    this.#held += text;
    const ends = this.#stops.map((stop) => this.#held.indexOf(stop)).filter((at) => at >= 0);
    if (ends.length > 0) {
      this.#stopped = true;
      const before = this.#held.slice(0, Math.min(...ends));
      this.#held = '';
      return before;
    }
    const keep = Math.max(0, ...this.#stops.map((stop) => beginningLength(this.#held, stop)));
    const passed = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(this.#held.length - keep);
    return passed;
  }

  /** The held text, once no more will come. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

/** Length of the longest end of `text` that is a beginning of `stop`, but not all of it. */
function beginningLength(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}

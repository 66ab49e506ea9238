/** How long a call may stay silent before its process is taken for hung and killed. */
export interface Deadline {
  /** Until the answer of a plain call, or the first item of a stream. */
  readonly firstMs: number;
  /** At least this long between two items; five times the slowest gap so far if that is more. */
  readonly nextMs: number;
}

/** `null` for calls that may be silent for ever, such as a watch. */
export type DeadlineOf = (path: readonly string[]) => Deadline | null;

const minute = 60_000;

/** Calls that may be silent for as long as it takes: they wait, or read gigabytes from a disk of unknown speed. */
const endless: ReadonlySet<string> = new Set(['watch', 'install', 'register', 'exportPack', 'importPack']);

/** Inference answers or streams steadily; loading reads gigabytes; installing depends on the network. */
export const engineDeadline: DeadlineOf = ([namespace, procedure]) => {
  if (namespace === 'inference') return { firstMs: 3 * minute, nextMs: 15_000 };
  if (procedure === 'load') return { firstMs: 5 * minute, nextMs: 0 };
  if (endless.has(procedure ?? '')) return null;
  return { firstMs: minute, nextMs: 0 };
};

/** No picture that may be imported takes this long. */
export const imagingDeadline: DeadlineOf = () => ({ firstMs: 5000, nextMs: 0 });

/** The time allowed for the next item, after these gaps between items. */
export const nextItemMs = (deadline: Deadline, slowestGapMs: number): number =>
  Math.max(deadline.nextMs, 5 * slowestGapMs);

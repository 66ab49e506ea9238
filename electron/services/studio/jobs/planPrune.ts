/** A job that has ended, as far as keeping it goes. */
export interface EndedJob {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Results that nobody has decided about. */
  readonly proposals: number;
}

const dayMs = 24 * 3600 * 1000;
const keptJobs = 50;
const keptMs = 30 * dayMs;
/** Proposals are worth more than a line in a list, but not for ever. */
const keptProposalsMs = 180 * dayMs;
const keptWithProposals = 200;

/** Which ended jobs are forgotten: those of long ago, and the oldest where there are many. */
export function planPrune(ended: readonly EndedJob[], now: number): number[] {
  let kept = 0;
  return ended
    .toSorted((a, b) => b.endedAt - a.endedAt || b.seq - a.seq)
    .filter(({ endedAt, proposals }) => {
      const [most, age] = proposals > 0 ? [keptWithProposals, keptProposalsMs] : [keptJobs, keptMs];
      const stays = kept < most && now - endedAt < age;
      if (stays) kept += 1;
      return !stays;
    })
    .map(({ seq }) => seq);
}

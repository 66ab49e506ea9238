/** A call that waits to be run. */
export interface WaitingCall {
  /** Pictures, texts or requests in it. */
  readonly items: number;
  /** Milliseconds of the clock. */
  readonly arrivedAt: number;
}

export interface BatchWish {
  /** Items that pay best in one run. */
  readonly size: number;
  /** How long the first call may wait for others. */
  readonly waitMs: number;
  readonly now: number;
  /** Whether a call may share a run with the first one. */
  readonly mayJoin: (place: number) => boolean;
}

/** `run`: the calls in these places, now. `wait`: look again at that time, or when another call comes. */
export type BatchPlan =
  | { readonly kind: 'run'; readonly places: readonly number[] }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Which of the waiting calls, the oldest first, share the next run. The oldest is always part of it; a call that is larger
 * than the size runs alone, in one piece.
 */
export function planBatch(
  waiting: readonly [WaitingCall, ...WaitingCall[]],
  { size, waitMs, now, mayJoin }: BatchWish,
): BatchPlan {
  const [oldest] = waiting;
  const places: number[] = [];
  let items = 0;
  for (const [place, call] of waiting.entries()) {
    const fits = place === 0 || (items + call.items <= size && mayJoin(place));
    if (!fits) continue;
    places.push(place);
    items += call.items;
  }
  const until = oldest.arrivedAt + waitMs;
  return items >= size || until <= now ? { kind: 'run', places } : { kind: 'wait', until };
}

/** What to do after an attempt failed. */
export type Retry = { readonly kind: 'wait'; readonly waitMs: number } | { readonly kind: 'stop' };

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** A server that asks for a longer pause than this is told to the writer instead. */
const longestAskedMs = 60_000;

/**
 * Doubles the pause from attempt to attempt and spreads it by `random` (0…1). An attempt that brought bytes does not
 * count: a line that drops every minute still brings the file. `askedMs` is what the server asked for.
 */
export function planRetry(
  fruitless: number,
  {
    most,
    askedMs,
    random,
  }: { readonly most: number; readonly askedMs: number | null; readonly random: number },
): Retry {
  if (fruitless >= most || (askedMs ?? 0) > longestAskedMs) return { kind: 'stop' };
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, fruitless - 1));
  return { kind: 'wait', waitMs: Math.max(askedMs ?? 0, Math.round(waitMs * (0.5 + random / 2))) };
}

/** Milliseconds that a `Retry-After` header asks for; `null` where it says nothing. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

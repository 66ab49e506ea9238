import type { SnapshotInfo } from '#shared/contract/studio.ts';

const dayMs = 24 * 60 * 60 * 1000;
const neverPruned = 10;
const everyOneForDays = 7;
const oneADayForDays = 30;

/** What retention decides on. */
export interface Kept {
  readonly id: string;
  readonly at: string;
  readonly reason: SnapshotInfo['reason'];
  /** Bytes that only this snapshot needs, roughly; for the size limit. */
  readonly bytes: number;
}

/**
 * Which snapshots to remove. Kept are the newest 10, everything of the last 7 days, what the writer made by hand, and
 * the last one of each day for 30 days. Above `limitBytes` the oldest go too, those made by hand last, never the newest 10.
 */
export function planPruning(snapshots: readonly Kept[], nowMs: number, limitBytes: number): string[] {
  const newestFirst = snapshots.toSorted((a, b) =>
    a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1,
  );
  const removed = new Set<string>();
  const days = new Set<string>();
  for (const [place, { id, at, reason }] of newestFirst.entries()) {
    const ageDays = (nowMs - Date.parse(at)) / dayMs;
    const day = at.slice(0, 10);
    const lastOfItsDay = !days.has(day);
    days.add(day);
    if (place < neverPruned || ageDays <= everyOneForDays || reason === 'manual') continue;
    if (ageDays > oneADayForDays || !lastOfItsDay) removed.add(id);
  }
  let total = newestFirst.reduce((sum, { id, bytes }) => sum + (removed.has(id) ? 0 : bytes), 0);
  const oldestFirst = newestFirst.slice(neverPruned).reverse();
  const byWorth = [
    ...oldestFirst.filter(({ reason }) => reason !== 'manual'),
    ...oldestFirst.filter(({ reason }) => reason === 'manual'),
  ];
  for (const { id, bytes } of byWorth) {
    if (total <= limitBytes) break;
    if (removed.has(id)) continue;
    removed.add(id);
    total -= bytes;
  }
  return newestFirst.flatMap(({ id }) => (removed.has(id) ? [id] : []));
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Kept, planPruning } from '#electron/services/studio/snapshot/retention.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const now = Date.UTC(2026, 5, 30, 12);
const snapshot = (ageMs: number, fields: Partial<Kept> = {}): Kept => ({
  id: `s${String(ageMs)}`,
  at: new Date(now - ageMs).toISOString(),
  reason: 'interval',
  bytes: 1,
  ...fields,
});
const anySnapshots = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 * day }), { maxLength: 300, size: 'max' })
  .map((ages) => ages.map((age) => snapshot(age)));

describe('retention', () => {
  test('keeps seven days whole, then one a day, then nothing but the newest ten', () => {
    const hourly = Array.from({ length: 40 * 24 }, (_, at) => snapshot(at * hour));
    const removed = new Set(planPruning(hourly, now, 1e9));
    const kept = hourly.filter(({ id }) => !removed.has(id));
    const ages = kept.map(({ at }) => (now - Date.parse(at)) / day);
    expect(ages.filter((age) => age <= 7)).toHaveLength(7 * 24 + 1);
    expect(ages.filter((age) => age > 7 && age <= 30)).toHaveLength(23);
    expect(ages.filter((age) => age > 30)).toEqual([]);
  });

  test('never removes the newest ten, however old and however large', () => {
    fc.assert(
      fc.property(anySnapshots, fc.nat(50), (snapshots, limit) => {
        const newest = snapshots.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 10);
        const removed = planPruning(snapshots, now, limit);
        for (const { id } of newest) expect(removed).not.toContain(id);
      }),
    );
  });

  test('above the size limit the oldest go first, those made by hand last', () => {
    const snapshots = Array.from({ length: 30 }, (_, at) =>
      snapshot(at * hour, { bytes: 10, reason: at === 29 ? 'manual' : 'interval' }),
    );
    expect(planPruning(snapshots, now, 280)).toEqual([27, 28].map((at) => snapshots[at]?.id));
  });

  test('what the writer made by hand is not pruned by age', () => {
    const snapshots = Array.from({ length: 20 }, (_, at) => snapshot((31 + at) * day, { reason: 'manual' }));
    expect(planPruning(snapshots, now, 1e9)).toEqual([]);
  });
});

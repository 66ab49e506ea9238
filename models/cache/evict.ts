import type { DatabaseSync } from 'node:sqlite';

type Store = 'answer' | 'vector';

/** Entries that leave at once when there are too many bytes: more would make one answer wait. */
const perStep = 64;

/** The number of the next use. */
export function nextTurn(database: DatabaseSync, store: Store): number {
  const row = database.prepare('UPDATE total SET turn = turn + 1 WHERE store = ? RETURNING turn').get(store);
  return Number(row?.['turn'] ?? 0);
}

export function totalOf(database: DatabaseSync, store: Store): { entries: number; bytes: number } {
  const row = database.prepare('SELECT entries, bytes FROM total WHERE store = ?').get(store);
  return { entries: Number(row?.['entries'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}

/** Lets the entries go that were used longest ago, until all hold at most `maxBytes` together. */
export function evict(database: DatabaseSync, store: Store, maxBytes: number): void {
  for (let total = totalOf(database, store); total.bytes > maxBytes && total.entries > 0; ) {
    // One by one where little is too much, so that no more goes than must.
    const some = total.bytes > maxBytes * 1.05 ? perStep : 1;
    database
      .prepare(`DELETE FROM ${store} WHERE key IN (SELECT key FROM ${store} ORDER BY turn LIMIT ?)`)
      .run(some);
    total = totalOf(database, store);
  }
}

import type { TaskHits } from '#shared/models/cache.ts';
import { entryBytes } from './cacheTables.ts';
import { evict, nextTurn, totalOf } from './evict.ts';
import type { RemadeDatabase } from './RemadeDatabase.ts';

const flushAfterMs = 500;

/**
 * Answers that would come out the same if they were computed again, by the key of all that may change them. What was used
 * longest ago goes first when there are too many bytes. Nothing here throws: without a disk nothing is remembered.
 */
export class AnswerCache {
  readonly #database: RemadeDatabase;
  readonly #maxBytes: number;
  /** Questions and used keys that are not written down yet. */
  readonly #asked = new Map<string, Pick<TaskHits, 'hits' | 'misses'>>();
  readonly #used = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(database: RemadeDatabase, maxBytes: number) {
    this.#database = database;
    this.#maxBytes = maxBytes;
  }

  /** An answer as it was put, and counts it as a hit or a miss of its task. */
  get(task: string, key: string): unknown {
    const value = this.#database.attempt((database) => {
      const row = database.prepare('SELECT value FROM answer WHERE key = ?').get(key);
      return row ? (JSON.parse(String(row['value'])) as unknown) : undefined;
    }, undefined);
    this.#note(task, key, value !== undefined);
    return value;
  }

  /** Uses are written together a little later: an answer that is there is not to wait for the disk. */
  #note(task: string, key: string, isHit: boolean): void {
    const { hits, misses } = this.#asked.get(task) ?? { hits: 0, misses: 0 };
    this.#asked.set(task, { hits: hits + Number(isHit), misses: misses + Number(!isHit) });
    if (isHit) this.#used.add(key);
    this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
  }

  /** Writes down what was used. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#asked.size === 0) return;
    this.#database.attempt((database) => {
      database.exec('BEGIN IMMEDIATE');
      const count = database.prepare(
        `INSERT INTO asked VALUES (?1, ?2, ?3)
         ON CONFLICT (task) DO UPDATE SET hits = hits + ?2, misses = misses + ?3`,
      );
      for (const [task, { hits, misses }] of this.#asked) count.run(task, hits, misses);
      const use = database.prepare('UPDATE answer SET turn = ? WHERE key = ?');
      for (const key of this.#used) use.run(nextTurn(database, 'answer'), key);
      database.exec('COMMIT');
      this.#asked.clear();
      this.#used.clear();
    }, undefined);
  }

  put(task: string, key: string, answer: unknown): void {
    const value = JSON.stringify(answer);
    const bytes = entryBytes + Buffer.byteLength(value);
    if (bytes > this.#maxBytes) return;
    this.flush();
    this.#database.attempt((database) => {
      database.exec('BEGIN IMMEDIATE');
      database.prepare('DELETE FROM answer WHERE key = ?').run(key);
      database
        .prepare('INSERT INTO answer VALUES (?, ?, ?, ?, ?)')
        .run(key, task, value, bytes, nextTurn(database, 'answer'));
      evict(database, 'answer', this.#maxBytes);
      database.exec('COMMIT');
    }, undefined);
  }

  clear(): void {
    this.#asked.clear();
    this.#used.clear();
    this.#database.attempt((database) => database.exec('DELETE FROM answer; DELETE FROM asked'), undefined);
  }

  /** What it holds, and how often each task found its answer here. */
  summary(): { entries: number; bytes: number; maxBytes: number; tasks: TaskHits[] } {
    this.flush();
    const total = this.#database.attempt((database) => totalOf(database, 'answer'), { entries: 0, bytes: 0 });
    const tasks = this.#database.attempt(
      (database) =>
        database
          .prepare(
            `SELECT task, hits, misses, (SELECT count(*) FROM answer WHERE answer.task = asked.task) AS entries,
               (SELECT ifnull(sum(bytes), 0) FROM answer WHERE answer.task = asked.task) AS bytes
             FROM asked ORDER BY task`,
          )
          .all()
          .map((row) => ({
            task: String(row['task']),
            hits: Number(row['hits']),
            misses: Number(row['misses']),
            entries: Number(row['entries']),
            bytes: Number(row['bytes']),
          })),
      [],
    );
    return { ...total, maxBytes: this.#maxBytes, tasks };
  }
}

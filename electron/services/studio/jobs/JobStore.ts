import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { AppError, type ErrorCode, type ErrorReport } from '#shared/errors/AppError.ts';
import { type JobDecision, JobId, type JobOrder, type JobPriority } from '#shared/models/job.ts';
import { createId, type StoryId } from '#shared/story/ids.ts';
import { inTransaction } from '../work/openWorkDatabase.ts';
import { planPrune } from './planPrune.ts';
import {
  type CountRow,
  type ItemRow,
  itemColumns,
  type JobRow,
  jobColumns,
  readItem,
  readJobs,
  type StoredItem,
  type StoredJob,
} from './storedJobs.ts';

/** How many jobs may be unfinished at once, and how many items they may have left together. */
export interface JobLimits {
  readonly jobs: number;
  readonly items: number;
}

const defaultLimits: JobLimits = { jobs: 64, items: 10_000 };

export interface NewJob {
  readonly order: JobOrder;
  readonly story: { readonly id: StoryId; readonly title: string };
  readonly items: readonly string[];
  readonly priority: JobPriority;
}

/** How a run failed, to be kept with its item. */
export interface FailedRun {
  readonly error: ErrorReport;
  readonly attempts: number;
  readonly deaths: number;
}

const unfinished = `state IN ('active', 'paused')`;

/** How many of the items that were done last tell how long the next will take. */
const timedItems = 8;

/**
 * The queue on the disk: every change is there when its call returns. An item is done, failed or cancelled once; what
 * comes later finds nothing to change. Errors: disk/*.
 */
export class JobStore {
  readonly #database: DatabaseSync;
  readonly #limits: JobLimits;
  readonly #now: () => number;
  readonly #statements = new Map<string, StatementSync>();

  /** The database has `jobTables`. */
  constructor(database: DatabaseSync, options: { limits?: JobLimits; now?: () => number } = {}) {
    this.#database = database;
    this.#limits = options.limits ?? defaultLimits;
    this.#now = options.now ?? Date.now;
  }

  /** Takes in a job; forgets old ones. Errors: jobs/full. */
  add({ order, story, items, priority }: NewJob): JobId {
    const id = JobId.parse(createId());
    // A refusal writes nothing; another process may have taken the room in between.
    this.#checkRoom(1, items.length);
    this.#together(() => {
      this.#prune();
      this.#checkRoom(1, items.length);
      const { lastInsertRowid: seq } = this.#run(
        `INSERT INTO job (id, kind, options, story_id, story_title, priority, state, created_at)
         VALUES (?, ?, ?, ?, ?, ?, 'active', ?)`,
        id,
        order.kind,
        JSON.stringify(order.options),
        story.id,
        story.title,
        priority,
        this.#now(),
      );
      const insert = 'INSERT INTO job_item (job, position, item) VALUES (?, ?, ?)';
      for (const [index, item] of items.entries()) this.#run(insert, seq, index, item);
    });
    return id;
  }

  /** Every job, the oldest first. */
  list(): StoredJob[] {
    const counts = this.#all<CountRow>(
      `SELECT job, state, count(*) AS items, sum(state = 'done' AND decision IS NULL) AS undecided
       FROM job_item GROUP BY job, state`,
    );
    return readJobs(this.#all<JobRow>(`SELECT ${jobColumns} FROM job ORDER BY seq`), counts);
  }

  /** Items of a job that wait: those whose time has come in their order, then those whose time is next; `most` of them. */
  waiting(seq: number, most: number): StoredItem[] {
    return this.#items(
      `job = ? AND state = 'waiting' ORDER BY max(not_before, ?), position LIMIT ?`,
      seq,
      this.#now(),
      most,
    );
  }

  /** Items of a job in their order, from one place on. Errors: jobs/not-found. */
  items(id: JobId, show: 'all' | 'proposals' | 'failed', from: number, limit: number): StoredItem[] {
    const shown = {
      all: '',
      proposals: `AND state = 'done' AND decision IS NULL`,
      failed: `AND state = 'failed'`,
    }[show];
    return this.#items(`job = ? ${shown} ORDER BY position LIMIT ? OFFSET ?`, this.#seq(id), limit, from);
  }

  /** How long the last items took on average; `null` before the first. */
  meanMs(seq: number): number | null {
    const [row] = this.#all<{ mean: number | null }>(
      `SELECT avg(took_ms) AS mean FROM (
         SELECT took_ms FROM job_item WHERE job = ? AND state = 'done' ORDER BY position DESC LIMIT ?)`,
      seq,
      timedItems,
    );
    return row?.mean ?? null;
  }

  /** Keeps a result. `false`, and nothing is changed, where the item was done or given up before. */
  finish(seq: number, index: number, result: unknown, tookMs: number): boolean {
    return this.#together(() => {
      const isFirst = this.#settle(
        seq,
        index,
        `state = 'done', result = ?, error = NULL, took_ms = ?`,
        JSON.stringify(result),
        tookMs,
      );
      if (isFirst) this.#endIfDone(seq);
      return isFirst;
    });
  }

  /** Gives an item up. `false` where it was done or given up before. */
  fail(seq: number, index: number, { error, attempts, deaths }: FailedRun): boolean {
    return this.#together(() => {
      const isFirst = this.#settle(
        seq,
        index,
        `state = 'failed', error = ?, attempts = ?, deaths = ?`,
        JSON.stringify(error),
        attempts,
        deaths,
      );
      if (isFirst) this.#endIfDone(seq);
      return isFirst;
    });
  }

  /** An item failed and waits for another try, not before a time. */
  postpone(seq: number, index: number, { error, attempts, deaths }: FailedRun, notBefore: number): void {
    this.#together(() =>
      this.#settle(
        seq,
        index,
        'error = ?, attempts = ?, deaths = ?, not_before = ?',
        JSON.stringify(error),
        attempts,
        deaths,
        notBefore,
      ),
    );
  }

  /** Stops beginning items; `heldBy` tells why where the writer did not ask for it. */
  pause(seq: number, heldBy: ErrorCode | null): void {
    this.#together(() =>
      this.#run(
        `UPDATE job SET state = 'paused', held_by = ? WHERE seq = ? AND state = 'active'`,
        heldBy,
        seq,
      ),
    );
  }

  /** Goes on with a paused job, at once also with items that waited for their time. */
  resume(seq: number): void {
    this.#together(() => {
      const { changes } = this.#run(
        `UPDATE job SET state = 'active', held_by = NULL WHERE seq = ? AND state = 'paused'`,
        seq,
      );
      if (changes > 0)
        this.#run(`UPDATE job_item SET not_before = 0 WHERE job = ? AND state = 'waiting'`, seq);
    });
  }

  /** Goes on with the jobs that stood still for one reason. */
  release(heldBy: ErrorCode): void {
    this.#together(() =>
      this.#run(
        `UPDATE job SET state = 'active', held_by = NULL WHERE state = 'paused' AND held_by = ?`,
        heldBy,
      ),
    );
  }

  cancel(seq: number): void {
    this.#together(() => {
      const { changes } = this.#run(
        `UPDATE job SET state = 'cancelled', held_by = NULL, ended_at = ? WHERE seq = ? AND ${unfinished}`,
        this.#now(),
        seq,
      );
      if (changes > 0)
        this.#run(`UPDATE job_item SET state = 'cancelled' WHERE job = ? AND state = 'waiting'`, seq);
    });
  }

  /** Failed items wait again, as if they had never been tried. Errors: jobs/full. */
  retry(seq: number): void {
    this.#together(() => {
      const [failed] = this.#all<{ items: number }>(
        `SELECT count(*) AS items FROM job_item WHERE job = ? AND state = 'failed'`,
        seq,
      );
      if (!failed || failed.items === 0) return;
      const [ended] = this.#all(`SELECT seq FROM job WHERE seq = ? AND ended_at IS NOT NULL`, seq);
      this.#checkRoom(ended ? 1 : 0, failed.items);
      this.#run(
        `UPDATE job_item SET state = 'waiting', attempts = 0, deaths = 0, not_before = 0
         WHERE job = ? AND state = 'failed'`,
        seq,
      );
      this.#run(`UPDATE job SET state = 'active', held_by = NULL, ended_at = NULL WHERE seq = ?`, seq);
    });
  }

  remove(seq: number): void {
    this.#together(() => this.#run('DELETE FROM job WHERE seq = ?', seq));
  }

  /** Notes a decision about results, and returns those that had none before. Errors: jobs/not-found. */
  decide(id: JobId, items: readonly string[], decision: JobDecision): string[] {
    const seq = this.#seq(id);
    return this.#together(() => {
      const update = `UPDATE job_item SET decision = ? WHERE job = ? AND item = ? AND state = 'done' AND decision IS NULL`;
      return items.filter((item) => this.#run(update, decision, seq, item).changes > 0);
    });
  }

  /** The place of a job in the queue. Errors: jobs/not-found. */
  seqOf(id: JobId): number {
    return this.#seq(id);
  }

  #seq(id: JobId): number {
    const [row] = this.#all<{ seq: number }>('SELECT seq FROM job WHERE id = ?', id);
    if (!row) throw new AppError('jobs/not-found', 'There is no such job', { details: { jobId: id } });
    return row.seq;
  }

  #checkRoom(jobs: number, items: number): void {
    const [now] = this.#all<{ jobs: number; items: number }>(
      `SELECT count(DISTINCT seq) AS jobs, count(position) AS items
       FROM job LEFT JOIN job_item ON job = seq AND job_item.state = 'waiting' WHERE job.${unfinished}`,
    );
    const most = this.#limits;
    if (!now || (now.jobs + jobs <= most.jobs && now.items + items <= most.items)) return;
    throw new AppError('jobs/full', 'Too many jobs wait already', {
      details: {
        jobs: now.jobs,
        items: now.items,
        limit: now.jobs + jobs > most.jobs ? most.jobs : most.items,
      },
    });
  }

  #settle(seq: number, index: number, change: string, ...values: SQLInputValue[]): boolean {
    const { changes } = this.#run(
      `UPDATE job_item SET ${change} WHERE job = ? AND position = ? AND state = 'waiting'`,
      ...values,
      seq,
      index,
    );
    return changes > 0;
  }

  #endIfDone(seq: number): void {
    this.#run(
      `UPDATE job SET state = 'done', held_by = NULL, ended_at = ? WHERE seq = ? AND ${unfinished}
       AND NOT EXISTS (SELECT 1 FROM job_item WHERE job = seq AND job_item.state = 'waiting')`,
      this.#now(),
      seq,
    );
  }

  #prune(): void {
    const ended = this.list().flatMap(({ seq, endedAt, proposals }) =>
      endedAt === null ? [] : [{ seq, endedAt, proposals }],
    );
    for (const seq of planPrune(ended, this.#now())) this.#run('DELETE FROM job WHERE seq = ?', seq);
  }

  #items(where: string, ...values: SQLInputValue[]): StoredItem[] {
    return this.#all<ItemRow>(`SELECT ${itemColumns} FROM job_item WHERE ${where}`, ...values).map(readItem);
  }

  #together<Result>(work: () => Result): Result {
    return inTransaction(this.#database, work);
  }

  #run(sql: string, ...values: SQLInputValue[]) {
    return this.#statement(sql).run(...values);
  }

  #all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** Every statement is prepared once: each lies outside the collected heap. */
  #statement(sql: string): StatementSync {
    const prepared = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

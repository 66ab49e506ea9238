import { join } from 'node:path';
import { Precision } from '#shared/models/manifest.ts';
import {
  type MetricsExport,
  type MetricsPoint,
  type MetricsRange,
  type MetricsSummary,
  RunOutcome,
  rangeMs,
} from '#shared/models/metrics.ts';
import { ModelId } from '#shared/models/modelId.ts';
import { TaskKind } from '#shared/models/routing.ts';
import { RemadeDatabase } from '../cache/RemadeDatabase.ts';
import { failureFigures, metricsPoints, type RecordedRun, taskFigures } from './figures.ts';
import { JsonLog } from './JsonLog.ts';
import { metricsTables } from './metricsTables.ts';
import type { Run, RunObserver } from './Run.ts';

const keptMs = rangeMs.month;
const mostRuns = 100_000;
/** Runs between two prunings. */
const pruneEvery = 200;
const points = 60;

export interface MetricsOptions {
  /** Folder of `metrics.sqlite` and `engine.jsonl`. */
  readonly folder: string;
  /** Bytes that loaded models hold. */
  readonly modelBytes: () => number;
  readonly now?: () => number;
}

/** What the models took, kept for 30 days; and a log of the same. Never fails, see `RemadeDatabase`. */
export class Metrics implements RunObserver {
  readonly #database: RemadeDatabase;
  readonly #log: JsonLog;
  readonly #modelBytes: () => number;
  readonly #now: () => number;
  #running = 0;
  #unpruned = pruneEvery;

  constructor({ folder, modelBytes, now = Date.now }: MetricsOptions) {
    this.#database = new RemadeDatabase(join(folder, 'metrics.sqlite'), metricsTables);
    this.#log = new JsonLog(join(folder, 'engine.jsonl'));
    this.#modelBytes = modelBytes;
    this.#now = now;
  }

  begin(): void {
    this.#running += 1;
  }

  end(run: Run): void {
    const running = this.#running;
    this.#running -= 1;
    const { rss } = process.memoryUsage();
    const modelBytes = Math.round(this.#modelBytes());
    const { task, modelId, precision, device, outcome, code, ms, waitMs } = run;
    const { tokens, tokensPerSecond, firstTokenMs } = run;
    this.#database.attempt(
      (database) =>
        database
          .prepare('INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run(
            this.#now(),
            task,
            modelId,
            precision,
            device,
            outcome,
            code,
            ms,
            waitMs,
            tokens,
            tokensPerSecond,
            firstTokenMs,
            running,
            rss,
            modelBytes,
          ),
      undefined,
    );
    const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);
    this.#log.write('run', {
      task,
      modelId,
      precision,
      device,
      outcome,
      code,
      ms: rounded(ms),
      waitMs: rounded(waitMs),
      tokens,
      tokensPerSecond: rounded(tokensPerSecond),
      firstTokenMs: rounded(firstTokenMs),
      running,
      processBytes: rss,
      modelBytes,
    });
    this.#unpruned += 1;
    if (this.#unpruned >= pruneEvery) this.#prune();
  }

  summary(range: MetricsRange): MetricsSummary {
    const runs = this.#runs(range);
    const [first] = runs;
    return {
      range,
      since: first ? new Date(first.at).toISOString() : null,
      tasks: taskFigures(runs),
      failures: failureFigures(runs),
      now: {
        processBytes: process.memoryUsage().rss,
        modelBytes: Math.round(this.#modelBytes()),
        running: this.#running,
      },
      failure: this.#database.failure,
    };
  }

  series(range: MetricsRange): MetricsPoint[] {
    const to = this.#now();
    return metricsPoints(this.#runs(range), { from: to - rangeMs[range], to, points });
  }

  /** Who did this kind of task last. */
  lastUsed(task: TaskKind): ModelId | null {
    return this.#database.attempt((database) => {
      const row = database
        .prepare(
          "SELECT model FROM run WHERE task = ? AND outcome IN ('done', 'cached') ORDER BY at DESC LIMIT 1",
        )
        .get(task);
      return row ? ModelId.parse(row['model']) : null;
    }, null);
  }

  export(): MetricsExport {
    return { summary: this.summary('month'), points: this.series('month'), log: this.#log.tail() };
  }

  close(): void {
    this.#database.close();
  }

  #prune(): void {
    this.#unpruned = 0;
    this.#database.attempt((database) => {
      database.prepare('DELETE FROM run WHERE at < ?').run(this.#now() - keptMs);
      database.prepare('DELETE FROM run WHERE rowid <= (SELECT max(rowid) FROM run) - ?').run(mostRuns);
    }, undefined);
  }

  #runs(range: MetricsRange): RecordedRun[] {
    return this.#database.attempt(
      (database) =>
        database
          .prepare('SELECT * FROM run WHERE at >= ? ORDER BY at')
          .all(this.#now() - rangeMs[range])
          .map((row) => ({
            at: Number(row['at']),
            task: TaskKind.parse(row['task']),
            modelId: ModelId.parse(row['model']),
            precision: Precision.nullable().parse(row['precision']),
            device: String(row['device']),
            outcome: RunOutcome.parse(row['outcome']),
            code: String(row['code']),
            ms: Number(row['ms']),
            waitMs: Number(row['wait_ms']),
            tokens: Number(row['tokens']),
            tokensPerSecond: numberOrNull(row['tokens_per_second']),
            firstTokenMs: numberOrNull(row['first_token_ms']),
            running: Number(row['running']),
            processBytes: Number(row['process_bytes']),
            modelBytes: Number(row['model_bytes']),
          })),
      [],
    );
  }
}

const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));

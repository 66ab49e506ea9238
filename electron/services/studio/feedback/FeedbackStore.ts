import type { DatabaseSync } from 'node:sqlite';
import { type OpinionKey, Setting, Vote } from '#shared/models/feedback.ts';
import type { TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Work } from '../work/createWork.ts';
import { inTransaction } from '../work/openWorkDatabase.ts';
import { feedbackTables } from './feedbackTables.ts';

/** Older votes about a model than so many weigh nothing beside the newer ones. */
const maxVotesEach = 500;

const place = ({ task, language, modelId }: OpinionKey) => [task, language, modelId] as const;
const placed = 'task = ? AND language = ? AND model = ?';
const columns = 'task, language, model AS modelId';

/** Votes and settings in `work.sqlite`. What a later version wrote and this one does not know is left alone. Errors: disk/*. */
export class FeedbackStore {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  get #database(): DatabaseSync {
    return this.#work.database(feedbackTables);
  }

  /** Votes about one task in one language, oldest first. */
  votesOn(task: TaskKind, language: Language): Vote[] {
    return this.#database
      .prepare(`SELECT ${columns}, kind, at FROM vote WHERE task = ? AND language = ? ORDER BY at, seq`)
      .all(task, language)
      .flatMap((row) => Vote.safeParse(row).data ?? []);
  }

  /** Every vote, oldest first. */
  votes(): Vote[] {
    return this.#database
      .prepare(`SELECT ${columns}, kind, at FROM vote ORDER BY at, seq`)
      .all()
      .flatMap((row) => Vote.safeParse(row).data ?? []);
  }

  settings(): Setting[] {
    return this.#database
      .prepare(`SELECT ${columns}, value FROM model_setting`)
      .all()
      .flatMap((row) => Setting.safeParse(row).data ?? []);
  }

  /** Adds votes; the same vote of the same moment is one. Returns how many were new. */
  add(votes: readonly Vote[], { unlessKnown = false } = {}): number {
    const database = this.#database;
    return inTransaction(database, () => {
      const insert = database.prepare(
        `INSERT INTO vote (task, language, model, kind, at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?6 = 0 OR NOT EXISTS
           (SELECT 1 FROM vote WHERE task = ?1 AND language = ?2 AND model = ?3 AND kind = ?4 AND at = ?5)`,
      );
      const prune = database.prepare(
        `DELETE FROM vote WHERE ${placed} AND seq NOT IN
           (SELECT seq FROM vote WHERE ${placed} ORDER BY at DESC, seq DESC LIMIT ${String(maxVotesEach)})`,
      );
      let added = 0;
      const touched = new Map<string, OpinionKey>();
      for (const vote of votes) {
        added += Number(insert.run(...place(vote), vote.kind, vote.at, Number(unlessKnown)).changes);
        touched.set(place(vote).join(' '), vote);
      }
      for (const key of touched.values()) prune.run(...place(key), ...place(key));
      return added;
    });
  }

  set(key: OpinionKey, value: number | null): void {
    const database = this.#database;
    inTransaction(database, () => {
      if (value === null) {
        database.prepare(`DELETE FROM model_setting WHERE ${placed}`).run(...place(key));
      } else {
        database
          .prepare(
            'INSERT INTO model_setting VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
          )
          .run(...place(key), value);
      }
    });
  }

  /** Forgets what was said about one model at one task, or everything. */
  reset(key: OpinionKey | null): void {
    const database = this.#database;
    inTransaction(database, () => {
      for (const table of ['vote', 'model_setting']) {
        if (key) database.prepare(`DELETE FROM ${table} WHERE ${placed}`).run(...place(key));
        else database.exec(`DELETE FROM ${table}`);
      }
    });
  }
}

import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface RemadeTables {
  /** Raised whenever the tables change: a file of another version is begun anew. */
  readonly version: number;
  readonly sql: string;
}

/** How long a statement waits for another process that is writing; an answer must not wait longer. */
const busyMs = 250;

/** Result codes of SQLite by which a file is no database, or a broken one. */
const damageCodes: ReadonlySet<number> = new Set([11, 26]);

const isDamage = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  'errcode' in thrown &&
  typeof thrown.errcode === 'number' &&
  damageCodes.has(thrown.errcode & 0xff);

/**
 * A database of what can be made again. It never throws: a damaged file is removed and begun anew, and where the disk
 * refuses, what is asked of it comes to nothing. Several processes may have the file open.
 */
export class RemadeDatabase {
  readonly #path: string;
  readonly #tables: RemadeTables;
  #database: DatabaseSync | null = null;
  #failure = '';

  constructor(path: string, tables: RemadeTables) {
    this.#path = path;
    this.#tables = tables;
    this.#open();
  }

  /** Why nothing is remembered; empty where all is well. */
  get failure(): string {
    return this.#failure;
  }

  /** Does something with the database; `otherwise` where that fails. After damage the next call finds an empty one. */
  attempt<Result>(work: (database: DatabaseSync) => Result, otherwise: Result): Result {
    if (!this.#database) this.#open();
    if (!this.#database) return otherwise;
    try {
      const result = work(this.#database);
      this.#failure = '';
      return result;
    } catch (thrown) {
      this.#failure = thrown instanceof Error ? thrown.message : String(thrown);
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      if (isDamage(thrown)) this.#begin();
      return otherwise;
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #open(): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#database = openTables(this.#path, this.#tables);
      this.#failure = '';
    } catch (thrown) {
      this.#failure = thrown instanceof Error ? thrown.message : String(thrown);
      if (isDamage(thrown) || thrown instanceof OtherVersion) this.#begin();
    }
  }

  /** Removes the file and what SQLite keeps beside it, and opens an empty one. */
  #begin(): void {
    try {
      this.close();
      for (const end of ['', '-wal', '-shm']) rmSync(`${this.#path}${end}`, { force: true });
      this.#database = openTables(this.#path, this.#tables);
    } catch (thrown) {
      this.#failure = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}

class OtherVersion extends Error {}

function openTables(path: string, { version, sql }: RemadeTables): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMs });
  try {
    // A power cut may cost the last entries, never the file: that is enough for what can be made again.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
    const found = database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (found === 0) database.exec(`BEGIN; ${sql}; PRAGMA user_version = ${String(version)}; COMMIT`);
    else if (found !== version) throw new OtherVersion('made by another version');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

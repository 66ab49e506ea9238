import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors/AppError.ts';
import { diskErrorCode } from '#shared/errors/diskErrorCode.ts';
import { diskError } from '../disk/diskError.ts';

/** The tables of one owner (jobs, votes): statements that are carried out once each, in their order. Only ever add to the end. */
export interface WorkTables {
  readonly owner: string;
  readonly steps: readonly string[];
}

/** How long a statement waits for another process that is writing. */
const busyMs = 5000;

/** Result codes of SQLite that speak of the file, by the lowest byte. */
const systemCodes: Readonly<Record<number, string>> = {
  3: 'EACCES',
  8: 'EROFS',
  10: 'EIO',
  13: 'ENOSPC',
  14: 'EACCES',
};
const damageCodes: ReadonlySet<number> = new Set([11, 26]);

const resultCode = (thrown: unknown): number =>
  thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode & 0xff
    : 0;

/** What a statement threw, as `disk/*`; what SQLite did not throw stays what it is. */
function workError(thrown: unknown): unknown {
  const code = resultCode(thrown);
  if (code === 0 || !(thrown instanceof Error)) return thrown;
  return new AppError(diskErrorCode(systemCodes[code] ?? ''), thrown.message, {
    details: { file: 'work.sqlite' },
    cause: thrown,
  });
}

/**
 * The file and what SQLite keeps beside it: a log left behind would be played into a new file of the same name. Returns its
 * new name, which no earlier one has.
 */
function putAside(folder: string): string {
  let name = 'work.damaged.sqlite';
  for (let count = 2; existsSync(join(folder, name)); count++) name = `work.damaged-${String(count)}.sqlite`;
  for (const end of ['', '-wal', '-shm']) {
    const file = join(folder, `work.sqlite${end}`);
    if (existsSync(file)) renameSync(file, join(folder, `${name}${end}`));
  }
  return name;
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMs });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    database.exec(
      'CREATE TABLE IF NOT EXISTS work_tables (owner TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT',
    );
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/**
 * Opens `work.sqlite`, where the studio remembers what the writer said and asked for: jobs, their results, votes. A
 * damaged file is set aside as `work.damaged.sqlite`, and told. Several processes may have it open. Errors: disk/*.
 */
export function openWorkDatabase(
  userDataFolder: string,
  onSetAside: (file: string) => void = () => undefined,
): DatabaseSync {
  const path = join(userDataFolder, 'work.sqlite');
  try {
    mkdirSync(userDataFolder, { recursive: true });
  } catch (thrown) {
    throw diskError(thrown, userDataFolder);
  }
  try {
    return open(path);
  } catch (thrown) {
    if (!damageCodes.has(resultCode(thrown))) throw workError(thrown) as Error;
  }
  try {
    onSetAside(putAside(userDataFolder));
  } catch (thrown) {
    throw diskError(thrown, path);
  }
  return open(path);
}

/** Runs statements as one: all of them hold afterwards, or none. Errors: those of `work`, disk/*. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw workError(thrown) as Error;
  }
}

/** Brings the tables of one owner up to date. Errors: disk/*. */
export function prepareTables(database: DatabaseSync, { owner, steps }: WorkTables): void {
  inTransaction(database, () => {
    const row = database.prepare('SELECT steps FROM work_tables WHERE owner = ?').get(owner);
    const done = typeof row?.['steps'] === 'number' ? row['steps'] : 0;
    for (const step of steps.slice(done)) database.exec(step);
    if (done < steps.length) {
      database
        .prepare(
          'INSERT INTO work_tables VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET steps = excluded.steps',
        )
        .run(owner, steps.length);
    }
  });
}

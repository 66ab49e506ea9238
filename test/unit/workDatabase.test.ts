import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWork } from '#electron/services/studio/work/createWork.ts';
import { inTransaction, openWorkDatabase } from '#electron/services/studio/work/openWorkDatabase.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storyloom-work-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first = 'CREATE TABLE note (text TEXT NOT NULL) STRICT';
const second = "ALTER TABLE note ADD COLUMN lang TEXT NOT NULL DEFAULT 'en'";

test('carries out each step of the tables once, also those that a later version adds', () => {
  const old = createWork(folder);
  old.database({ owner: 'notes', steps: [first] }).exec("INSERT INTO note VALUES ('kept')");
  old.close();
  for (let start = 0; start < 2; start++) {
    const work = createWork(folder);
    const database = work.database({ owner: 'notes', steps: [first, second] });
    expect(database.prepare('SELECT * FROM note').all()).toEqual([{ text: 'kept', lang: 'en' }]);
    work.close();
  }
});

test('writes to a log beside the file and flushes at every commit', () => {
  const database = openWorkDatabase(folder);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  database.close();
});

test('sets a damaged file aside, tells its new name, and begins anew', () => {
  const told: string[] = [];
  writeFileSync(join(folder, 'work.damaged.sqlite'), 'an earlier one');
  writeFileSync(join(folder, 'work.sqlite'), 'not a database '.repeat(100));
  const database = openWorkDatabase(folder, (file) => told.push(file));
  expect(told).toEqual(['work.damaged-2.sqlite']);
  expect(readFileSync(join(folder, 'work.damaged.sqlite'), 'utf8')).toBe('an earlier one');
  expect(readFileSync(join(folder, 'work.damaged-2.sqlite'), 'utf8')).toMatch(/^not a database/);
  expect(database.prepare('SELECT count(*) AS tables FROM work_tables').get()).toEqual({ tables: 0 });
  database.close();
});

test('a transaction that fails leaves nothing behind, and says why', () => {
  const database = createWork(folder).database({ owner: 'notes', steps: [first] });
  const insertThen = (then: () => void) => () =>
    inTransaction(database, () => {
      database.exec("INSERT INTO note VALUES ('lost')");
      then();
    });
  expect(insertThen(() => database.exec('INSERT INTO note VALUES (NULL)'))).toThrow(
    expect.objectContaining({ code: 'disk/failed' }),
  );
  expect(
    insertThen(() => {
      throw new RangeError('ours');
    }),
  ).toThrow(RangeError);
  expect(database.prepare('SELECT count(*) AS notes FROM note').get()).toEqual({ notes: 0 });
  database.close();
});

test('a folder that cannot be made is an error of the disk', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openWorkDatabase(join(folder, 'file', 'data'))).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^disk\//) }),
  );
});

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCache } from '#models/cache/openCache.ts';
import { RemadeDatabase } from '#models/cache/RemadeDatabase.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storyloom-cache-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const clip = { modelId: 'clip', revision: 'r1', precision: 'fp32' };
const vector = (first: number) => Float32Array.from({ length: 512 }, (_, index) => first + index / 7);

describe('answers', () => {
  test('are found again after a restart, and hits are counted by task', () => {
    const before = openCache(folder);
    expect(before.answers.get('write', 'k')).toBeUndefined();
    before.answers.put('write', 'k', { text: '灯塔', list: [1, 2] });
    before.close();
    const cache = openCache(folder);
    expect(cache.answers.get('write', 'k')).toEqual({ text: '灯塔', list: [1, 2] });
    expect(cache.answers.get('answer', 'other')).toBeUndefined();
    const { tasks, entries } = cache.answers.summary();
    expect(tasks.map(({ task, hits, misses }) => [task, hits, misses])).toEqual([
      ['answer', 0, 1],
      ['write', 1, 1],
    ]);
    expect(entries).toBe(1);
    cache.close();
  });

  test('hold no more bytes than allowed: those used longest ago go first', () => {
    const cache = openCache(folder, { answerBytes: 4000 });
    const text = 'x'.repeat(300);
    for (let index = 0; index < 8; index++) cache.answers.put('write', `k${String(index)}`, text);
    cache.answers.get('write', 'k0');
    for (let index = 8; index < 12; index++) cache.answers.put('write', `k${String(index)}`, text);
    const { bytes, entries } = cache.answers.summary();
    expect(bytes).toBeLessThanOrEqual(4000);
    expect(entries).toBe(8);
    expect(cache.answers.get('write', 'k0')).toBe(text);
    expect(cache.answers.get('write', 'k1')).toBeUndefined();
    expect(cache.answers.get('write', 'k11')).toBe(text);
    cache.answers.put('write', 'big', 'x'.repeat(5000));
    expect(cache.answers.get('write', 'big')).toBeUndefined();
    cache.close();
  });

  test('put again they take their room once; cleared they are gone', () => {
    const cache = openCache(folder);
    for (const answer of ['a', 'longer', 'b']) cache.answers.put('write', 'k', answer);
    expect(cache.answers.get('write', 'k')).toBe('b');
    expect(cache.answers.summary().entries).toBe(1);
    cache.clear();
    expect(cache.summary()).toMatchObject({
      answers: { entries: 0, bytes: 0, tasks: [] },
      vectors: { pictures: 0, texts: 0, bytes: 0 },
    });
    cache.close();
  });
});

describe('vectors', () => {
  test('come back float by float, by content, encoder and kind', () => {
    const before = openCache(folder);
    before.vectors.put(
      'picture',
      clip,
      new Map([
        ['h1', vector(1)],
        ['h2', vector(2)],
      ]),
    );
    before.vectors.put('text', clip, new Map([['h1', vector(3)]]));
    before.close();
    const { vectors, close } = openCache(folder);
    expect(vectors.get('picture', clip, ['h1', 'h3', 'h2'])).toEqual(
      new Map([
        ['h1', vector(1)],
        ['h2', vector(2)],
      ]),
    );
    expect(vectors.get('text', clip, ['h1'])).toEqual(new Map([['h1', vector(3)]]));
    for (const other of [{ revision: 'r2' }, { precision: 'q8' }, { modelId: 'siglip' }]) {
      expect(vectors.get('picture', { ...clip, ...other }, ['h1']).size).toBe(0);
    }
    expect(vectors.summary()).toMatchObject({ pictures: 2, texts: 1 });
    close();
  });

  test('hold no more bytes than allowed', () => {
    const cache = openCache(folder, { vectorBytes: 50_000 });
    for (let index = 0; index < 60; index++)
      cache.vectors.put('picture', clip, new Map([[`h${String(index)}`, vector(index)]]));
    const { bytes, pictures } = cache.vectors.summary();
    expect(bytes).toBeLessThanOrEqual(50_000);
    expect(pictures).toBeGreaterThan(15);
    expect(cache.vectors.get('picture', clip, ['h59', 'h0'])).toEqual(new Map([['h59', vector(59)]]));
    cache.close();
  });
});

describe('a bad disk', () => {
  test.each(['', '-wal'])('a damaged file%s is removed and begun anew', (end) => {
    const before = openCache(folder);
    before.answers.put('write', 'k', 'a');
    if (end === '') before.close();
    writeFileSync(join(folder, `cache.sqlite`), 'not a database '.repeat(1000));
    if (end !== '') writeFileSync(join(folder, `cache.sqlite${end}`), 'nonsense '.repeat(1000));
    const cache = openCache(folder);
    cache.answers.put('write', 'k2', 'b');
    expect(cache.answers.get('write', 'k2')).toBe('b');
    expect(cache.summary().failure).toBe('');
    cache.close();
  });

  test('damage that shows only later costs one call', () => {
    const filled = openCache(folder);
    for (let index = 0; index < 500; index++)
      filled.answers.put('write', `k${String(index)}`, 'x'.repeat(400));
    filled.close();
    const file = join(folder, 'cache.sqlite');
    const bytes = readFileSync(file);
    bytes.fill(0xab, 4096);
    writeFileSync(file, bytes);
    const cache = openCache(folder);
    expect(cache.answers.get('write', 'k1')).toBeUndefined();
    cache.answers.put('write', 'k1', 'new');
    cache.answers.put('write', 'k1', 'new');
    expect(cache.answers.get('write', 'k1')).toBe('new');
    cache.close();
  });

  test('a file of another version is begun anew', () => {
    const tables = (version: number) => ({ version, sql: 'CREATE TABLE note (text TEXT) STRICT' });
    const path = join(folder, 'notes.sqlite');
    const old = new RemadeDatabase(path, tables(1));
    old.attempt((database) => database.exec("INSERT INTO note VALUES ('old')"), undefined);
    old.close();
    const count = (database: RemadeDatabase) =>
      database.attempt((open) => open.prepare('SELECT count(*) AS n FROM note').get()?.['n'], 'none');
    const same = new RemadeDatabase(path, tables(1));
    expect(count(same)).toBe(1);
    same.close();
    const next = new RemadeDatabase(path, tables(2));
    expect(count(next)).toBe(0);
    next.close();
  });

  test('where nothing can be written, nothing is thrown; vectors stay until the process ends', () => {
    writeFileSync(join(folder, 'file'), '');
    const cache = openCache(join(folder, 'file', 'models'));
    cache.answers.put('write', 'k', 'a');
    expect(cache.answers.get('write', 'k')).toBeUndefined();
    cache.vectors.put('picture', clip, new Map([['h1', vector(1)]]));
    expect(cache.vectors.get('picture', clip, ['h1', 'h2'])).toEqual(new Map([['h1', vector(1)]]));
    expect(cache.summary().failure).not.toBe('');
    expect(existsSync(join(folder, 'file', 'models'))).toBe(false);
    cache.clear();
    cache.close();
  });

  test('another process that writes holds nobody up for long', () => {
    const cache = openCache(folder);
    cache.answers.put('write', 'k', 'a');
    const other = new RemadeDatabase(join(folder, 'cache.sqlite'), { version: 1, sql: '' });
    other.attempt((database) => database.exec('BEGIN IMMEDIATE'), undefined);
    const startedAt = performance.now();
    expect(cache.answers.get('write', 'k')).toBe('a');
    cache.answers.put('write', 'k2', 'b');
    expect(performance.now() - startedAt).toBeLessThan(3000);
    other.attempt((database) => database.exec('ROLLBACK'), undefined);
    cache.answers.put('write', 'k2', 'b');
    expect(cache.answers.get('write', 'k2')).toBe('b');
    other.close();
    cache.close();
  });
});

import { entryBytes } from './cacheTables.ts';
import { evict, nextTurn, totalOf } from './evict.ts';
import type { RemadeDatabase } from './RemadeDatabase.ts';

/** Whose vectors: those of other weights cannot be compared with them. */
export interface Encoder {
  readonly modelId: string;
  readonly revision: string;
  readonly precision: string;
}

export type VectorKind = 'picture' | 'text';

/**
 * Vectors of pictures and texts by their content's hash and the encoder. Those used longest ago go first when there are
 * too many bytes. What was put stays in memory where the disk refuses, up to a smaller number.
 */
export class VectorStore {
  readonly #database: RemadeDatabase;
  readonly #maxBytes: number;
  /** Vectors that could not be written. */
  readonly #unwritten = new Map<string, Float32Array>();

  constructor(database: RemadeDatabase, maxBytes: number) {
    this.#database = database;
    this.#maxBytes = maxBytes;
  }

  /** The vectors that are there, by hash. */
  get(kind: VectorKind, encoder: Encoder, hashes: readonly string[]): Map<string, Float32Array> {
    const found = new Map<string, Float32Array>();
    const stale: string[] = [];
    this.#database.attempt((database) => {
      const row = database.prepare("SELECT turn FROM total WHERE store = 'vector'").get();
      const oldest = Number(row?.['turn'] ?? 0) - staleTurns;
      const read = database.prepare(
        'SELECT key, value, turn FROM vector WHERE key IN (SELECT value FROM json_each(?))',
      );
      const wanted = [...new Set(hashes)].map((hash) => keyOf(kind, encoder, hash));
      for (let start = 0; start < wanted.length; start += readAtOnce) {
        for (const row of read.iterate(JSON.stringify(wanted.slice(start, start + readAtOnce)))) {
          const key = String(row['key']);
          const vector = toVector(row['value']);
          if (!vector) continue;
          found.set(key.slice(key.lastIndexOf('\n') + 1), vector);
          if (Number(row['turn']) < oldest) stale.push(key);
        }
      }
    }, undefined);
    if (stale.length > 0) this.#touch(stale);
    for (const hash of hashes) {
      const vector = this.#unwritten.get(keyOf(kind, encoder, hash));
      if (vector) found.set(hash, vector);
    }
    return found;
  }

  put(kind: VectorKind, encoder: Encoder, vectors: ReadonlyMap<string, Float32Array>): void {
    const isWritten = this.#database.attempt((database) => {
      database.exec('BEGIN IMMEDIATE');
      const turn = nextTurn(database, 'vector');
      const remove = database.prepare('DELETE FROM vector WHERE key = ?');
      const insert = database.prepare('INSERT INTO vector VALUES (?, ?, ?, ?, ?)');
      for (const [hash, vector] of vectors) {
        const key = keyOf(kind, encoder, hash);
        remove.run(key);
        insert.run(key, kind, toBytes(vector), entryBytes + vector.byteLength, turn);
      }
      evict(database, 'vector', this.#maxBytes);
      database.exec('COMMIT');
      return true;
    }, false);
    if (isWritten) return;
    for (const [hash, vector] of vectors) this.#unwritten.set(keyOf(kind, encoder, hash), vector);
    for (const key of this.#unwritten.keys()) {
      if (this.#unwritten.size <= mostUnwritten) break;
      this.#unwritten.delete(key);
    }
  }

  /** Notes that vectors were used; not at every use, for a whole gallery is read again and again. */
  #touch(keys: readonly string[]): void {
    this.#database.attempt((database) => {
      database.exec('BEGIN IMMEDIATE');
      const turn = nextTurn(database, 'vector');
      const touch = database.prepare('UPDATE vector SET turn = ? WHERE key = ?');
      for (const key of keys) touch.run(turn, key);
      database.exec('COMMIT');
    }, undefined);
  }

  clear(): void {
    this.#unwritten.clear();
    this.#database.attempt((database) => database.exec('DELETE FROM vector'), undefined);
  }

  summary(): { pictures: number; texts: number; bytes: number; maxBytes: number } {
    return this.#database.attempt(
      (database) => {
        const rows = database.prepare('SELECT kind, count(*) AS n FROM vector GROUP BY kind').all();
        const countOf = (kind: VectorKind) => Number(rows.find((row) => row['kind'] === kind)?.['n'] ?? 0);
        const { bytes } = totalOf(database, 'vector');
        return { pictures: countOf('picture'), texts: countOf('text'), bytes, maxBytes: this.#maxBytes };
      },
      { pictures: this.#unwritten.size, texts: 0, bytes: 0, maxBytes: this.#maxBytes },
    );
  }
}

const readAtOnce = 1000;
/** Changes of the store after which a vector's own last use is noted again. */
const staleTurns = 16;
/** 512 to 1,024 floats each, so 40 MB at most. */
const mostUnwritten = 10_000;

const keyOf = (kind: VectorKind, { modelId, revision, precision }: Encoder, hash: string): string =>
  [kind, modelId, revision, precision, hash].join('\n');

const toBytes = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** A copy where the blob's bytes do not lie at a multiple of four. */
function toVector(value: unknown): Float32Array | null {
  if (!(value instanceof Uint8Array) || value.byteLength % 4 !== 0) return null;
  if (value.byteOffset % 4 === 0)
    return new Float32Array(value.buffer, value.byteOffset, value.byteLength / 4);
  return new Float32Array(value.slice().buffer);
}

import type { RemadeTables } from './RemadeDatabase.ts';

/**
 * Answers and vectors in one file. `turn` counts uses, so that what was used longest ago can be found without a clock;
 * the triggers keep what all entries hold together, also where two processes write.
 */
export const cacheTables: RemadeTables = {
  version: 1,
  sql: `
    CREATE TABLE total (store TEXT PRIMARY KEY, entries INTEGER NOT NULL, bytes INTEGER NOT NULL, turn INTEGER NOT NULL) STRICT;
    INSERT INTO total VALUES ('answer', 0, 0, 0), ('vector', 0, 0, 0);

    CREATE TABLE answer (
      key TEXT PRIMARY KEY, task TEXT NOT NULL, value TEXT NOT NULL, bytes INTEGER NOT NULL, turn INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX answer_turn ON answer (turn);
    CREATE TRIGGER answer_in AFTER INSERT ON answer BEGIN
      UPDATE total SET entries = entries + 1, bytes = bytes + new.bytes WHERE store = 'answer';
    END;
    CREATE TRIGGER answer_out AFTER DELETE ON answer BEGIN
      UPDATE total SET entries = entries - 1, bytes = bytes - old.bytes WHERE store = 'answer';
    END;
    CREATE TABLE asked (task TEXT PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL) STRICT;

    CREATE TABLE vector (
      key TEXT PRIMARY KEY, kind TEXT NOT NULL, value BLOB NOT NULL, bytes INTEGER NOT NULL, turn INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX vector_turn ON vector (turn);
    CREATE TRIGGER vector_in AFTER INSERT ON vector BEGIN
      UPDATE total SET entries = entries + 1, bytes = bytes + new.bytes WHERE store = 'vector';
    END;
    CREATE TRIGGER vector_out AFTER DELETE ON vector BEGIN
      UPDATE total SET entries = entries - 1, bytes = bytes - old.bytes WHERE store = 'vector';
    END;
  `,
};

/** What an entry takes beside its value: its key, its row and its place in the indexes. */
export const entryBytes = 160;

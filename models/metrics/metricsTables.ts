import type { RemadeTables } from '../cache/RemadeDatabase.ts';

/** One row for each attempt of a model, and what the process held from time to time. Times are milliseconds since 1970. */
export const metricsTables: RemadeTables = {
  version: 1,
  sql: `
    CREATE TABLE run (
      at INTEGER NOT NULL, task TEXT NOT NULL, model TEXT NOT NULL, precision TEXT, device TEXT NOT NULL,
      outcome TEXT NOT NULL, code TEXT NOT NULL, ms REAL NOT NULL, wait_ms REAL NOT NULL, tokens INTEGER NOT NULL,
      tokens_per_second REAL, first_token_ms REAL, running INTEGER NOT NULL,
      process_bytes INTEGER NOT NULL, model_bytes INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX run_at ON run (at);
  `,
};

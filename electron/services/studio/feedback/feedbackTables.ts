import type { WorkTables } from '../work/openWorkDatabase.ts';

/** Votes in their order, and the writer's own settings. Times are milliseconds since 1970. */
export const feedbackTables: WorkTables = {
  owner: 'feedback',
  steps: [
    `CREATE TABLE vote (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       task TEXT NOT NULL,
       language TEXT NOT NULL,
       model TEXT NOT NULL,
       kind TEXT NOT NULL
     ) STRICT`,
    'CREATE INDEX vote_by_place ON vote (task, language, model, seq)',
    `CREATE TABLE model_setting (
       task TEXT NOT NULL,
       language TEXT NOT NULL,
       model TEXT NOT NULL,
       value REAL NOT NULL,
       PRIMARY KEY (task, language, model)
     ) STRICT`,
  ],
};

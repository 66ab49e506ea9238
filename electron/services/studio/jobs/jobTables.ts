import type { WorkTables } from '../work/openWorkDatabase.ts';

/**
 * Jobs and their items. What runs is known to the process that runs it alone: one that is killed leaves its items
 * waiting. Times are milliseconds since 1970. A priority is the place in `JobPriority`.
 */
export const jobTables: WorkTables = {
  owner: 'jobs',
  steps: [
    `CREATE TABLE job (
       seq INTEGER PRIMARY KEY AUTOINCREMENT,
       id TEXT NOT NULL UNIQUE,
       kind TEXT NOT NULL,
       options TEXT NOT NULL,
       story_id TEXT NOT NULL,
       story_title TEXT NOT NULL,
       priority TEXT NOT NULL,
       state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'done', 'cancelled')),
       held_by TEXT,
       created_at INTEGER NOT NULL,
       ended_at INTEGER
     ) STRICT;
     CREATE TABLE job_item (
       job INTEGER NOT NULL REFERENCES job (seq) ON DELETE CASCADE,
       position INTEGER NOT NULL,
       item TEXT NOT NULL,
       state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed', 'cancelled')),
       attempts INTEGER NOT NULL DEFAULT 0,
       deaths INTEGER NOT NULL DEFAULT 0,
       not_before INTEGER NOT NULL DEFAULT 0,
       error TEXT,
       result TEXT,
       took_ms INTEGER,
       decision TEXT,
       PRIMARY KEY (job, position),
       UNIQUE (job, item)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX job_item_state ON job_item (job, state, decision)`,
  ],
};

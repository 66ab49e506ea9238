import type { DatabaseSync } from 'node:sqlite';
import { openWorkDatabase, prepareTables, type WorkTables } from './openWorkDatabase.ts';

/** The one connection of this process to `work.sqlite`, opened when it is first needed. */
export interface Work {
  /** The database with the given tables ready. Errors: disk/*. */
  database(tables: WorkTables): DatabaseSync;
  close(): void;
}

/** `onSetAside` is told the name that a damaged file was given. */
export function createWork(userDataFolder: string, onSetAside?: (file: string) => void): Work {
  let opened: DatabaseSync | null = null;
  const prepared = new Set<string>();
  return {
    database(tables) {
      opened ??= openWorkDatabase(userDataFolder, onSetAside);
      if (!prepared.has(tables.owner)) prepareTables(opened, tables);
      prepared.add(tables.owner);
      return opened;
    },
    close() {
      opened?.close();
      opened = null;
      prepared.clear();
    },
  };
}

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installBuiltins } from '#models/manager/installBuiltins.ts';

// Sessions refuse to open without it; the supervisor sets it for the engine process.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

const folder = join(import.meta.dirname, '../../.cache/models');
const lock = join(folder, '..', 'models.lock');
const staleAfterMs = 120_000;

let installed: Promise<string> | undefined;

/** Folder with the three built-in models. They are fetched once and kept; test files that come together wait for each other. */
export function installedModels(): Promise<string> {
  installed ??= install();
  return installed;
}

async function install(): Promise<string> {
  await mkdir(folder, { recursive: true });
  while (!(await locked())) await sleep(100);
  try {
    await installBuiltins(folder, () => undefined);
    return folder;
  } finally {
    await rm(lock, { force: true });
  }
}

async function locked(): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > staleAfterMs) await rm(lock, { force: true });
    return false;
  }
}

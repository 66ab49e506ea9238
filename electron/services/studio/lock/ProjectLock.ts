import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError, isMissing } from '../disk/diskError.ts';
import { cacheFolder } from '../project/fileIndex.ts';

const LockFile = z.object({
  id: z.string(),
  pid: z.number(),
  host: z.string(),
  /** When the process started, as its system tells it; empty where it does not. Tells a process from a later one with its number. */
  processStart: z.string(),
  at: z.string(),
});
type LockFile = z.infer<typeof LockFile>;

const heartbeatMs = 5_000;
/** Another machine's lock without a heartbeat for so long is dead; this machine's own are asked directly. */
const foreignStaleMs = 30_000;

function processStart(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ');
    return fields?.[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Says to every other program that would open the story for writing: it is open here. */
export class ProjectLock {
  readonly id: string;
  readonly #path: string;
  #timer: NodeJS.Timeout | null = null;

  private constructor(path: string, id: string) {
    this.#path = path;
    this.id = id;
  }

  /** Takes the lock of a story folder; `null` where somebody alive has it. Errors: disk/*. */
  static async take(folder: string, id: string, now: () => number): Promise<ProjectLock | null> {
    const path = join(folder, cacheFolder, 'lock.json');
    const own: LockFile = {
      id,
      pid: process.pid,
      host: hostname(),
      processStart: processStart(process.pid),
      at: new Date(now()).toISOString(),
    };
    try {
      await fs.mkdir(join(folder, cacheFolder), { recursive: true });
      for (let attempt = 0; attempt < 3; attempt++) {
        if (await createNew(path, JSON.stringify(own))) return new ProjectLock(path, id).#beat();
        const other = await readLock(path);
        if (other && !isStale(other.lock, other.mtimeMs)) return null;
        if (other) await removeStale(path, other.lock?.id ?? null, id);
      }
      return null;
    } catch (thrown) {
      throw diskError(thrown, path);
    }
  }

  #beat(): this {
    this.#timer = setInterval(() => {
      const now = new Date();
      fs.utimes(this.#path, now, now).catch(() => undefined);
    }, heartbeatMs);
    this.#timer.unref();
    return this;
  }

  /** Whether the lock is still ours: somebody may have taken it while this machine slept. A vanished folder says nothing. */
  async isHeld(): Promise<boolean> {
    const found = await readLock(this.#path).catch(() => null);
    return found === null || found.lock?.id === this.id;
  }

  async release(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    const found = await readLock(this.#path).catch(() => null);
    if (found?.lock?.id === this.id) await fs.rm(this.#path, { force: true }).catch(() => undefined);
  }
}

async function createNew(path: string, content: string): Promise<boolean> {
  const whole = `${path}.${String(process.pid)}.${Math.random().toString(36).slice(2, 10)}`;
  await fs.writeFile(whole, content);
  try {
    await fs.link(whole, path);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    return await createWithoutLinks(path, content);
  } finally {
    await fs.rm(whole, { force: true });
  }
}

/** Some file systems know no hard links; there, a reader may see the file for a moment without its content. */
async function createWithoutLinks(path: string, content: string): Promise<boolean> {
  try {
    await fs.writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

async function readLock(path: string): Promise<{ lock: LockFile | null; mtimeMs: number } | null> {
  try {
    const { mtimeMs } = await fs.stat(path);
    const result = LockFile.safeParse(parsed(await fs.readFile(path, 'utf8')));
    return { lock: result.success ? result.data : null, mtimeMs };
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isStale(lock: LockFile | null, mtimeMs: number): boolean {
  const silentMs = Date.now() - mtimeMs;
  if (lock === null) return silentMs > 2_000;
  if (lock.host !== hostname()) return silentMs > foreignStaleMs;
  if (!isAlive(lock.pid)) return true;
  const start = processStart(lock.pid);
  return start !== '' && lock.processStart !== '' && start !== lock.processStart;
}

/** Takes a dead lock away, and only that one: it is moved aside first, and put back should it be another. */
async function removeStale(path: string, staleId: string | null, ownId: string): Promise<void> {
  const aside = `${path}.stale-${ownId}`;
  try {
    await fs.rename(path, aside);
  } catch (thrown) {
    if (isMissing(thrown)) return;
    throw thrown;
  }
  const moved = await readLock(aside);
  if (moved && (moved.lock?.id ?? null) !== staleId) {
    await fs.link(aside, path).catch(() => undefined);
  }
  await fs.rm(aside, { force: true });
}

/** Fails with `project/read-only` and the reason, for whoever tries to write what only can be read. */
export const refuseToWrite = (reason: string): never => {
  throw new AppError('project/read-only', 'The story can only be read', { details: { reason } });
};

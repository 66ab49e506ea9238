import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { codeOf } from '../diskError.ts';
import { isRunning } from '../isRunning.ts';

const Owner = z.object({
  id: z.string(),
  pid: z.number(),
  host: z.string(),
  /** When the process started, as its system tells it; empty where it does not. Tells it from a later one with its number. */
  processStart: z.string(),
});
type Owner = z.infer<typeof Owner>;

const heartbeatMs = 5_000;
/** Another machine's lock without a heartbeat for so long is dead; this machine's processes are asked directly. */
const foreignStaleMs = 30_000;
/** A lock that says nothing is one that is being written, but not for longer than this. */
const emptyStaleMs = 2_000;

/** Keeps the unfinished download of a model to one process at a time: whoever has it, has the lock file beside it. */
export class DownloadLock implements AsyncDisposable {
  readonly #path: string;
  readonly #id: string;
  readonly #heart: NodeJS.Timeout;

  private constructor(path: string, id: string) {
    this.#path = path;
    this.#id = id;
    this.#heart = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    }, heartbeatMs);
    this.#heart.unref();
  }

  /** Takes a lock, also from an owner that is dead. Errors: download/in-progress where somebody alive has it; disk/*. */
  static async take(path: string): Promise<DownloadLock> {
    const { pid } = process;
    const own: Owner = { id: randomUUID(), pid, host: hostname(), processStart: processStart(pid) };
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await createNew(path, own)) return new DownloadLock(path, own.id);
      const found = await read(path);
      if (found && !isStale(found.owner, found.silentMs)) throw inProgress(found.owner);
      if (found) await removeStale(path, found.owner?.id ?? null, own.id);
    }
    throw inProgress(null);
  }

  /** Fails where the lock was lost: another machine may have taken it while this one slept. Errors: download/in-progress. */
  async checkHeld(): Promise<void> {
    const found = await read(this.#path);
    if (found?.owner?.id !== this.#id) throw inProgress(found?.owner ?? null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heart);
    const found = await read(this.#path).catch(() => null);
    if (found?.owner?.id === this.#id) await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

const inProgress = (owner: Owner | null): AppError =>
  new AppError('download/in-progress', 'Another process downloads this model', {
    details: owner ? { pid: owner.pid, host: owner.host } : {},
  });

/** Puts the lock file there in one step, with its content; `false` where there is one. */
async function createNew(path: string, owner: Owner): Promise<boolean> {
  const content = JSON.stringify(owner);
  const whole = `${path}.${owner.id}`;
  await writeFile(whole, content);
  try {
    await link(whole, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without hard links: for a moment the file is there without its content.
    return await writeFile(path, content, { flag: 'wx' }).then(
      () => true,
      (thrown: unknown) => {
        if (codeOf(thrown) === 'EEXIST') return false;
        throw thrown;
      },
    );
  } finally {
    await rm(whole, { force: true });
  }
}

async function read(path: string): Promise<{ owner: Owner | null; silentMs: number } | null> {
  try {
    const { mtimeMs } = await stat(path);
    const text = await readFile(path, 'utf8');
    return { owner: ownerIn(text), silentMs: Date.now() - mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function ownerIn(text: string): Owner | null {
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function isStale(owner: Owner | null, silentMs: number): boolean {
  if (owner === null) return silentMs > emptyStaleMs;
  if (owner.host !== hostname()) return silentMs > foreignStaleMs;
  if (!isRunning(owner.pid)) return true;
  const start = processStart(owner.pid);
  return start !== '' && owner.processStart !== '' && start !== owner.processStart;
}

/** Takes a dead lock away, and only that one: it is moved aside first, and put back should it be another. */
async function removeStale(path: string, staleId: string | null, ownId: string): Promise<void> {
  const aside = `${path}.stale-${ownId}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await read(aside);
  if (moved && (moved.owner?.id ?? null) !== staleId) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function processStart(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

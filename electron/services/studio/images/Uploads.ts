import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError } from '../disk/diskError.ts';

/** The largest file taken: the largest picture that may be imported. */
const maxUploadBytes = 64 * 1024 * 1024;
/** All files waiting for their import together. */
const maxWaitingBytes = 4 * 1024 ** 3;
const lifetimeMs = 60 * 60_000;
const uploadIdPattern = /^[0-9a-f]{32}$/;

/** Files that a window sent and that no story has taken in yet. They are gone after an hour. */
export class Uploads {
  readonly #folder: string;
  readonly #bytes = new Map<string, number>();

  constructor(userDataFolder: string) {
    this.#folder = join(userDataFolder, 'uploads');
  }

  /** Stores one file. Errors: image/too-large with the limit, task/queue-full, disk/*. */
  async receive(body: AsyncIterable<Uint8Array>): Promise<string> {
    await this.#sweep();
    const waiting = [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (waiting > maxWaitingBytes) throw new AppError('task/queue-full', 'Too many uploads are waiting');
    const id = randomBytes(16).toString('hex');
    const path = join(this.#folder, id);
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        let bytes = 0;
        for await (const chunk of body) {
          bytes += chunk.byteLength;
          if (bytes > maxUploadBytes) {
            throw new AppError('image/too-large', 'The file is too large', {
              details: { bytes, maxBytes: maxUploadBytes },
            });
          }
          await file.writeFile(chunk);
        }
        this.#bytes.set(id, bytes);
      } finally {
        await file.close();
      }
    } catch (thrown) {
      await unlink(path).catch(() => undefined);
      throw diskError(thrown, path);
    }
    return id;
  }

  /** Where an upload lies. Errors: image/not-found for one that never was or has expired. */
  async path(uploadId: string): Promise<string> {
    const path = join(this.#folder, uploadId);
    if (!uploadIdPattern.test(uploadId) || !(await stat(path).catch(() => null))) {
      throw new AppError('image/not-found', 'This upload is not there any more');
    }
    return path;
  }

  async discard(uploadId: string): Promise<void> {
    if (!uploadIdPattern.test(uploadId)) return;
    this.#bytes.delete(uploadId);
    await unlink(join(this.#folder, uploadId)).catch(() => undefined);
  }

  /** Removes what was left lying for an hour, here or by a host that ended without cleaning up. */
  async #sweep(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const oldest = Date.now() - lifetimeMs;
    for (const id of await readdir(this.#folder)) {
      const facts = await stat(join(this.#folder, id)).catch(() => null);
      if (facts && facts.mtimeMs < oldest) await this.discard(id);
    }
  }

  /** Removes every upload made through this object. */
  async clear(): Promise<void> {
    await Promise.all(Array.from(this.#bytes.keys(), (id) => this.discard(id)));
  }
}

import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const maxFileBytes = 1024 * 1024;
const maxWaitingBytes = 256 * 1024;

/**
 * What a supervised process wrote to stderr, in a file of at most 1 MiB beside one older file. A flood is cut, never
 * awaited; a disk that cannot be written to loses the log, not the application.
 */
export class ProcessLog {
  readonly #path: string;
  #work: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #tail = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** The last lines written, at most 2,000 characters. */
  get tail(): string {
    return this.#tail;
  }

  write(chunk: string): void {
    this.#tail = (this.#tail + chunk).slice(-2000);
    const bytes = Buffer.byteLength(chunk);
    if (this.#waitingBytes + bytes > maxWaitingBytes) return;
    this.#waitingBytes += bytes;
    this.#work = this.#work
      .then(() => this.#append(chunk, bytes))
      .catch(() => undefined)
      .finally(() => {
        this.#waitingBytes -= bytes;
      });
  }

  /** Resolves when everything written so far is in the file. */
  flush(): Promise<void> {
    return this.#work;
  }

  async #append(chunk: string, bytes: number): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const size = await stat(this.#path).then(
      (facts) => facts.size,
      () => 0,
    );
    if (size + bytes > maxFileBytes) await rename(this.#path, `${this.#path}.1`).catch(() => undefined);
    await appendFile(this.#path, chunk, { mode: 0o600 });
  }
}

import * as fs from 'node:fs/promises';
import type { DiskCalls } from '#electron/services/studio/disk/atomicSave.ts';

/** What goes wrong at the chosen call. `kill`: this call and all later ones never happen. */
export type Fault = 'kill' | 'EIO' | 'ENOSPC' | 'EACCES' | 'short' | 'lying';

const systemError = (code: string) => Object.assign(new Error(`${code}: injected`), { code });

/** A disk on which call number `at` (from 1) fails in the given way; the calls that a fault cannot befall pass. */
export class FaultyDisk implements DiskCalls {
  readonly #at: number;
  readonly #fault: Fault;
  #calls = 0;
  /** Whether the fault was put in. */
  hit = false;
  healed = false;

  constructor(at: number, fault: Fault) {
    this.#at = at;
    this.#fault = fault;
  }

  get isDead(): boolean {
    return this.hit && this.#fault === 'kill';
  }

  #step(canBeShort = false): 'pass' | 'short' | 'lying' {
    if (this.healed) return 'pass';
    if (this.isDead) throw systemError('EKILLED');
    this.#calls += 1;
    if (this.#calls !== this.#at) return 'pass';
    const isWriteFault = this.#fault === 'short' || this.#fault === 'lying';
    if (isWriteFault && !canBeShort) return 'pass';
    this.hit = true;
    if (this.#fault === 'short' || this.#fault === 'lying') return this.#fault;
    throw systemError(this.#fault === 'kill' ? 'EKILLED' : this.#fault);
  }

  readonly rename: DiskCalls['rename'] = async (from, to) => {
    this.#step();
    await fs.rename(from, to);
  };

  readonly unlink: DiskCalls['unlink'] = async (path) => {
    this.#step();
    await fs.unlink(path);
  };

  readonly readFile = (async (path: string) => {
    this.#step();
    return fs.readFile(path);
  }) as DiskCalls['readFile'];

  readonly open: DiskCalls['open'] = async (path, flags, mode) => {
    this.#step();
    const handle = await fs.open(path, flags, mode);
    return new Proxy(handle, {
      get: (target, name) => {
        if (name === 'write') return this.#write(target);
        if (name === 'sync') {
          return async () => {
            this.#step();
            await target.sync();
          };
        }
        if (name === 'close') {
          return async () => {
            await target.close();
            this.#step();
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
  };

  #write(handle: fs.FileHandle) {
    return async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      const step = this.#step(true);
      if (step === 'pass') return handle.write(bytes, offset, length, position);
      const some = Math.floor(length / 2);
      await handle.write(bytes, offset, some, position);
      return { bytesWritten: step === 'lying' ? length : some, buffer: bytes };
    };
  }
}

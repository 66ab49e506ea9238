import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { diskError } from './diskError.ts';

const Registered = z.object({ folders: z.array(z.string()) });

/** Model folders elsewhere on this computer that the writer or a configuration named; kept beside the models. */
export class RegisteredFolders {
  readonly #folder: string;
  readonly #file: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'registered.json');
  }

  async list(): Promise<readonly string[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{"folders":[]}');
    const parsed = Registered.safeParse(parse(text));
    return parsed.success ? parsed.data.folders : [];
  }

  /** Errors: disk/*. */
  async add(folder: string): Promise<void> {
    const folders = await this.list();
    if (!folders.includes(folder)) await this.#write([...folders, folder]);
  }

  /** Whether it was registered. Errors: disk/*. */
  async remove(folder: string): Promise<boolean> {
    const folders = await this.list();
    if (!folders.includes(folder)) return false;
    await this.#write(folders.filter((one) => one !== folder));
    return true;
  }

  async #write(folders: readonly string[]): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(`${this.#file}.new`, `${JSON.stringify({ folders }, null, 2)}\n`, { flush: true });
      await rename(`${this.#file}.new`, this.#file);
    } catch (error) {
      throw diskError(error);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

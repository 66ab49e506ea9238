import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a line may say: numbers and short names from our own lists; never what a writer or a model wrote. */
export type LogFields = Readonly<Record<string, number | string | null>>;

const maxFileBytes = 1024 * 1024;
const maxLines = 200;

/**
 * A log of JSON lines in a file of at most 1 MiB beside one older file. A disk that cannot be written to loses the log
 * and nothing else.
 */
export class JsonLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  write(event: string, fields: LogFields): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      const bytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes + line.length > maxFileBytes) renameSync(this.#path, `${this.#path}.old`);
      appendFileSync(this.#path, line);
    } catch {
      // Nobody can be told, and nothing depends on it.
    }
  }

  /** The last lines, oldest first, those of the older file before. */
  tail(): string[] {
    const linesOf = (path: string): string[] => {
      try {
        return readFileSync(path, 'utf8').split('\n');
      } catch {
        return [];
      }
    };
    return [...linesOf(`${this.#path}.old`), ...linesOf(this.#path)]
      .filter((line) => line !== '')
      .slice(-maxLines);
  }
}

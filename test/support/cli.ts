import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#electron/cli/runCli.ts';

export interface CliRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The documents of `--json`, the result last. */
  readonly documents: readonly Record<string, unknown>[];
  readonly result: Record<string, unknown>;
}

export interface CliRunOptions {
  readonly signal?: AbortSignal;
  readonly onOut?: (text: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder of its own to run the command line in, with its own data folder. */
export function createCli(root = mkdtempSync(join(tmpdir(), 'storyloom-cli-'))) {
  const run = async (args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> => {
    let out = '';
    let err = '';
    const status = await runCli(['--data-folder', join(root, 'data'), ...args], {
      env: { LANG: 'en_GB.UTF-8', ...options.env },
      cwd: root,
      out: (text) => {
        out += text;
        options.onOut?.(text);
      },
      err: (text) => {
        err += text;
      },
      signal: options.signal ?? new AbortController().signal,
    });
    const lines = args.includes('--json')
      ? out
          .trim()
          .split('\n')
          .filter((line) => line !== '')
      : [];
    const documents = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return { status, out, err, documents, result: documents.at(-1) ?? {} };
  };
  return { root, run };
}

import type { AppError } from '#shared/errors/AppError.ts';
import type { Language } from '#shared/story/scene.ts';
import type { CliProcess } from './cliProcess.ts';
import type { CliResult } from './cliResult.ts';
import { errorWords } from './words/errorWords.ts';

/** Where a command's words go. With `--json` only documents are written, one a line, the result last. */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  say(line: string): void;
  /** A piece of streamed text; nothing with `--json`. */
  stream(text: string): void;
  /** A piece of streamed text that is not the result, on the error stream; nothing with `--json`. */
  streamAside(text: string): void;
  /** A step of a stream; nothing without `--json`. */
  event(event: object): void;
  /** A remark beside the result, on the error stream; nothing with `--json`. */
  note(line: string): void;
  result(result: CliResult): void;
  failure(error: AppError): void;
}

/** What went wrong and what to do, in the writer's language, with the facts that help. */
export function explain(
  error: AppError,
  language: Language,
): { title: string; next: string; facts: string[] } {
  const [title, next] = errorWords[error.code][language];
  const facts = Object.entries(error.details).flatMap(([name, value]) =>
    value === null || value === ''
      ? []
      : [`${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`],
  );
  return { title, next, facts };
}

export function createOutput({ out, err }: CliProcess, json: boolean, language: Language): Output {
  const document = (value: object) => out(`${JSON.stringify(value)}\n`);
  return {
    json,
    say: (line) => {
      if (!json) out(`${line}\n`);
    },
    stream: (text) => {
      if (!json) out(text);
    },
    streamAside: (text) => {
      if (!json) err(text);
    },
    event: (event) => {
      if (json) document(event);
    },
    note: (line) => {
      if (!json) err(`${line}\n`);
    },
    result: (result) => {
      if (json) document(result);
      else if (result.message !== '') out(`${result.message}\n`);
    },
    failure: (error) => {
      const { title, next, facts } = explain(error, language);
      if (json) {
        const { code, details } = error.toReport();
        document({ status: 'error', message: error.message, code, details, title, next });
        return;
      }
      const detail =
        error.code === 'input/invalid' || error.code === 'internal/unexpected' ? [error.message] : [];
      err(`${[title, ...detail, ...facts, next].join('\n  ')}\n`);
    },
  };
}

import type { Language } from '#shared/story/scene.ts';
import type { OpenStudio } from './openStudio.ts';
import type { Output } from './output.ts';
import type { Words } from './words/words.ts';

/** What the command line is given by the process it runs in. */
export interface CliProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What every command works with. */
export interface CliContext {
  readonly cwd: string;
  readonly output: Output;
  readonly words: Words;
  /** The language that texts for people are in. */
  readonly uiLanguage: Language;
  /** Language of new stories where none is named. */
  readonly defaultLanguage: Language;
  /** The story folder the writer named; `null` for the present folder. */
  readonly storyFolder: string | null;
  readonly signal: AbortSignal;
  studio(): Promise<OpenStudio>;
}

/** One finished command, with the fields that the specification's methods return. */
export interface CliResult {
  readonly status: 'success';
  readonly message: string;
  readonly [field: string]: unknown;
}

export const success = (message: string, fields: Readonly<Record<string, unknown>> = {}): CliResult => ({
  ...fields,
  status: 'success',
  message,
});

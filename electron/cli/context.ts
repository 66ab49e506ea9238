import type { Language } from '#shared/story/scene.ts';
import type { OpenStudio } from './openStudio.ts';
import type { Output } from './output.ts';
import type { Words } from './words/words.ts';

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

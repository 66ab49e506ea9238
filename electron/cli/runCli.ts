import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommanderError } from 'commander';
import { fromWire } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Language } from '#shared/story/scene.ts';
import type { CliProcess } from './cliProcess.ts';
import { type CliConfig, readConfig } from './configFile.ts';
import type { CliContext } from './context.ts';
import { exitCodeOf, exitCodes } from './exitCodes.ts';
import { systemLanguage } from './languageNames.ts';
import { type OpenStudio, openStudio } from './openStudio.ts';
import { createOutput } from './output.ts';
import { createProgram, type GlobalOptions } from './program.ts';
import { registerModels } from './registerModels.ts';
import { usageError } from './words/usageErrors.ts';
import { wordsIn } from './words/words.ts';

const emptyConfig: CliConfig = {
  models: [],
  cacheFolder: null,
  modelMemoryBytes: null,
  defaultLanguage: null,
};

const flagValue = (args: readonly string[], flag: string): string | undefined => {
  const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return args[at]?.includes('=') ? args[at].slice(flag.length + 1) : args[at + 1];
};

/** The language of messages is needed before the options are parsed: the help text is in it. */
function uiLanguage(args: readonly string[], env: CliProcess['env']): Language {
  const asked = flagValue(args, '--ui');
  return asked === 'en' || asked === 'zh' ? asked : systemLanguage(env);
}

const version = (): string => {
  const file = join(import.meta.dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

/** Runs one command line; resolves to the exit status. Every failure is told, none is thrown. */
export async function runCli(args: readonly string[], process: CliProcess): Promise<number> {
  const language = uiLanguage(args, process.env);
  const words = wordsIn[language];
  const json = args.includes('--json');
  const output = createOutput(process, json, language);
  let opened: OpenStudio | null = null;

  const contextFor = async (globals: GlobalOptions): Promise<CliContext> => {
    const config =
      globals.config === undefined ? emptyConfig : await readConfig(resolve(process.cwd, globals.config));
    const { dataFolder } = globals;
    return {
      cwd: process.cwd,
      output,
      words,
      uiLanguage: language,
      defaultLanguage: config.defaultLanguage ?? language,
      storyFolder: globals.story ?? null,
      signal: process.signal,
      async studio() {
        if (opened) return opened;
        opened = await openStudio({
          dataFolder: dataFolder ? resolve(process.cwd, dataFolder) : null,
          modelsFolder:
            config.cacheFolder === null ? null : resolve(process.cwd, config.cacheFolder, 'models'),
          modelMemoryBytes: config.modelMemoryBytes,
        });
        const folder = dirname(resolve(process.cwd, globals.config ?? '.'));
        await registerModels(config.models, folder, opened.engine, words, output.note);
        return opened;
      },
    };
  };

  try {
    const tell = (message: string) => (json ? '' : usageError(message, language));
    const program = createProgram(words, version(), { ...process, tell }, async (globals, work) => {
      const result = await work(await contextFor(globals));
      await opened?.studio.sessions.closeAll();
      output.result(result);
    });
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return afterParsing(thrown);
    const error = thrown instanceof AppError ? thrown : fromWire(thrown);
    output.failure(error);
    return exitCodeOf(error.code);
  } finally {
    await closeQuietly(opened, output.note);
  }

  /** Commander has told a person already; a program reads the document. */
  function afterParsing(error: CommanderError): number {
    if (error.exitCode === 0) return exitCodes.ok;
    if (json) output.failure(new AppError('input/invalid', error.message.replace(/^error: /, '')));
    return exitCodes.usage;
  }
}

async function closeQuietly(opened: OpenStudio | null, note: (line: string) => void): Promise<void> {
  try {
    await opened?.[Symbol.asyncDispose]();
  } catch (thrown) {
    note(AppError.from(thrown).message);
  }
}

import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { DescriptionStyle } from '#shared/text/prompts/describePicture.ts';
import type { CliProcess } from './cliProcess.ts';
import type { CliResult } from './cliResult.ts';
import { addCharacterCommand, addSceneCommand } from './commands/castCommands.ts';
import { checkCommand } from './commands/checkCommands.ts';
import {
  type Proposable,
  proposeCommand,
  summariseCommand,
  translateCommand,
} from './commands/composeCommands.ts';
import {
  installModelCommand,
  listModelsCommand,
  packModelCommand,
  unpackModelCommand,
} from './commands/modelCommands.ts';
import { planCommand } from './commands/planCommand.ts';
import {
  createStoryCommand,
  exportCommand,
  infoCommand,
  languageCommand,
  loadCommand,
  saveCommand,
  snapshotCommand,
} from './commands/storyCommands.ts';
import {
  askCommand,
  completeCommand,
  describeCommand,
  illustrateCommand,
  matchCommand,
  similarCommand,
  writeCommand,
} from './commands/taskCommands.ts';
import type { CliContext } from './context.ts';
import type { Words } from './words/words.ts';

/** Options that stand before or after any command. */
export interface GlobalOptions {
  readonly story?: string;
  readonly json?: boolean;
  readonly ui?: string;
  readonly config?: string;
  readonly dataFolder?: string;
}

type Work = (context: CliContext) => Promise<CliResult>;

const whole = (least: number, most: number) => (value: string) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new InvalidArgumentError(`${String(least)} … ${String(most)}`);
  }
  return number;
};
const temperature = (value: string) => {
  const number = Number(value);
  if (!(number >= 0 && number <= 2)) throw new InvalidArgumentError('0 … 2');
  return number;
};

interface SamplingFlags {
  model?: string;
  maxTokens?: number;
  seed?: number;
  temperature?: number;
}
const samplingOf = (flags: SamplingFlags) => ({
  model: flags.model,
  maxTokens: flags.maxTokens,
  seed: flags.seed,
  temperature: flags.temperature,
});

/** The commands and options, in the writer's language. `tell` words what is wrong with a command line; `run` is given the work of the command that was named. */
export function createProgram(
  words: Words,
  version: string,
  { out, err, tell }: Pick<CliProcess, 'out' | 'err'> & { readonly tell: (usageError: string) => string },
  run: (globals: GlobalOptions, work: Work) => Promise<void>,
): Command {
  const help = { ...words.help, ...words.compose.help };
  const program = new Command('storyloom')
    .description(help.about)
    .version(version, '-V, --version', help.version)
    .helpOption('-h, --help', help.help)
    .helpCommand(false)
    .option('-s, --story <folder>', help.story)
    .option('--json', help.json)
    .addOption(new Option('--ui <language>', help.ui).choices(['en', 'zh']))
    .option('--config <file>', help.config)
    .option('--data-folder <folder>', help.dataFolder)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => words.usage[title] ?? title,
    })
    .configureOutput({ writeOut: out, writeErr: err, outputError: (message, write) => write(tell(message)) })
    .exitOverride()
    .showHelpAfterError(false);

  const add = (parent: Command, signature: string, description: string): Command =>
    parent
      .command(signature)
      .description(description)
      .helpOption('-h, --help', help.help)
      .configureHelp(program.configureHelp())
      .configureOutput(program.configureOutput())
      .exitOverride();
  const does = <Flags extends object>(
    command: Command,
    work: (args: string[], flags: Flags) => Work,
  ): void => {
    command.action(async (...all: unknown[]) => {
      const args = command.processedArgs as (string | string[] | undefined)[];
      const flags = all[args.length] as Flags;
      await run(
        command.optsWithGlobals<GlobalOptions>(),
        work(
          args.flatMap((arg) => arg ?? ''),
          flags,
        ),
      );
    });
  };
  const withSampling = (command: Command): Command =>
    command
      .option('--model <model>', help.model)
      .option('--max-tokens <number>', help.maxTokens, whole(1, 4096))
      .option('--seed <number>', help.seed, whole(0, Number.MAX_SAFE_INTEGER))
      .option('--temperature <number>', help.temperature, temperature);

  does<{ in?: string; language?: string }>(
    add(program, 'create <title>', help.create)
      .option('--in <folder>', help.in)
      .option('--language <language>', help.storyLanguage),
    ([title = ''], flags) =>
      (context) =>
        createStoryCommand(context, title, { parent: flags.in, language: flags.language }),
  );
  does(
    add(program, 'language <language>', help.language),
    ([name = '']) =>
      (context) =>
        languageCommand(context, name),
  );

  const character = add(program, 'character', help.character);
  does<{ description?: string; visual?: string; image?: string }>(
    add(character, 'add <name>', help.characterAdd)
      .option('-d, --description <text>', help.description)
      .option('--visual <text>', help.visual)
      .option('-i, --image <file>', help.image),
    ([name = ''], { description, visual, image }) =>
      (context) =>
        addCharacterCommand(context, name, { description, visual, image }),
  );
  const scene = add(program, 'scene', help.scene);
  does<{ title?: string; image?: string }>(
    add(scene, 'add <description>', help.sceneAdd)
      .option('-t, --title <title>', help.sceneTitle)
      .option('-i, --image <file>', help.image),
    ([description = ''], { title, image }) =>
      (context) =>
        addSceneCommand(context, description, { title, image }),
  );

  does<SamplingFlags & { instruction?: string; dryRun?: boolean }>(
    withSampling(
      add(program, 'write', help.write)
        .argument('<scene>', help.sceneArgument)
        .option('--instruction <text>', help.instruction)
        .option('--dry-run', help.dryRun),
    ),
    ([name = ''], flags) =>
      (context) =>
        writeCommand(context, name, {
          ...samplingOf(flags),
          instruction: flags.instruction ?? '',
          dryRun: flags.dryRun ?? false,
        }),
  );
  does(
    add(program, 'ask', help.ask).argument('<scene>', help.sceneArgument).argument('<question>'),
    ([name = '', question = '']) =>
      (context) =>
        askCommand(context, name, question),
  );
  does<{ style: DescriptionStyle }>(
    add(program, 'describe <picture>', help.describe).addOption(
      new Option('--style <style>', help.style).choices(['detailed', 'story', 'alt']).default('detailed'),
    ),
    ([picture = ''], { style }) =>
      (context) =>
        describeCommand(context, picture, style),
  );
  does<{ pool?: string; add?: boolean; top: number }>(
    add(program, 'illustrate', help.illustrate)
      .argument('<scene>', help.sceneArgument)
      .option('--pool <folder>', help.pool)
      .option('--add', help.add)
      .option('--top <number>', help.top, whole(1, 100), 3),
    ([name = ''], flags) =>
      (context) =>
        illustrateCommand(context, name, { pool: flags.pool, add: flags.add ?? false, top: flags.top }),
  );
  does(add(program, 'match <text...>', help.match), (texts) => (context) => matchCommand(context, texts));
  does<{ top: number }>(
    add(program, 'similar <picture>', help.similar).option('--top <number>', help.top, whole(1, 100), 5),
    ([picture = ''], { top }) =>
      (context) =>
        similarCommand(context, picture, top),
  );
  does<SamplingFlags & { output?: string }>(
    withSampling(add(program, 'complete', help.complete).option('-o, --output <file>', help.output)),
    (_args, flags) => (context) => completeCommand(context, { ...samplingOf(flags), output: flags.output }),
  );

  const proposable = ['titles', 'characters', 'scenes'] as const;
  does<SamplingFlags & { instruction?: string }>(
    withSampling(
      add(program, 'propose', help.propose)
        .addArgument(new Argument('<what>', help.proposeWhat).choices(proposable))
        .option('--instruction <text>', words.help.instruction),
    ),
    ([what = 'titles'], flags) =>
      (context) =>
        proposeCommand(context, what as Proposable, {
          ...samplingOf(flags),
          instruction: flags.instruction ?? '',
        }),
  );
  does<SamplingFlags & { keep?: boolean }>(
    withSampling(
      add(program, 'summarise', help.summarise)
        .argument('<scene>', help.sceneArgument)
        .option('--keep', help.keepSummary),
    ),
    ([name = ''], flags) =>
      (context) =>
        summariseCommand(context, name, { ...samplingOf(flags), keep: flags.keep ?? false }),
  );
  does<SamplingFlags & { add?: boolean }>(
    withSampling(
      add(program, 'translate', help.translate)
        .argument('<scene>', help.sceneArgument)
        .option('--add', help.addTranslation),
    ),
    ([name = ''], flags) =>
      (context) =>
        translateCommand(context, name, { ...samplingOf(flags), add: flags.add ?? false }),
  );
  does<{ scenes: number; title?: string; model?: string; seed?: number; accept?: boolean }>(
    add(program, 'plan', help.plan)
      .argument('[premise]', help.premise)
      .option('--scenes <number>', help.scenes, whole(1, 30), 5)
      .option('--title <title>', help.planTitle)
      .option('--model <model>', help.model)
      .option('--seed <number>', help.seed, whole(0, Number.MAX_SAFE_INTEGER))
      .option('--accept', help.accept),
    ([premise = ''], { scenes, title, model, seed, accept }) =>
      (context) =>
        planCommand(context, premise, { scenes, title: title ?? '', model, seed, accept: accept ?? false }),
  );

  does<{ to?: string; format: 'mdbook' | 'honkit'; language?: string; characters: boolean }>(
    add(program, 'export', help.export)
      .option('--to <folder>', help.to)
      .addOption(new Option('--format <format>', help.format).choices(['mdbook', 'honkit']).default('mdbook'))
      .option('--language <language>', help.bookLanguage)
      .option('--no-characters', help.noCharacters),
    (_args, { to, format, language, characters }) =>
      (context) =>
        exportCommand(context, { to, format, language, characters }),
  );
  does<{ in?: string }>(
    add(program, 'load <path>', help.load).option('--in <folder>', help.in),
    ([path = ''], flags) =>
      (context) =>
        loadCommand(context, path, { parent: flags.in }),
  );
  does(
    add(program, 'save <path>', help.save),
    ([path = '']) =>
      (context) =>
        saveCommand(context, path),
  );
  does(add(program, 'info', help.info), () => (context) => infoCommand(context));
  does<{ scene?: string; pictures?: boolean }>(
    add(program, 'check [story]', words.check.help.check)
      .option('--scene <scene>', words.check.help.scene)
      .option('--pictures', words.check.help.pictures),
    ([folder = ''], { scene, pictures }) =>
      (context) =>
        checkCommand(context, folder, { scene, pictures: pictures ?? false }),
  );

  does(
    add(program, 'snapshot [name]', help.snapshot),
    ([name = '']) =>
      (context) =>
        snapshotCommand(context, name),
  );

  const models = add(program, 'models', help.models);
  does(add(models, 'list', help.modelsList), () => (context) => listModelsCommand(context));
  does(
    add(models, 'install <model>', help.modelsInstall),
    ([name = '']) =>
      (context) =>
        installModelCommand(context, name),
  );
  does(
    add(models, 'pack <model> <file>', help.modelsPack),
    ([name = '', file = '']) =>
      (context) =>
        packModelCommand(context, name, file),
  );
  does(
    add(models, 'unpack <file>', help.modelsUnpack),
    ([file = '']) =>
      (context) =>
        unpackModelCommand(context, file),
  );
  return program;
}

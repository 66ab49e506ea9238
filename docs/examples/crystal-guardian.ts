/**
 * The specification's usage example, line by line, on Storyloom's command line: a story with a character and two scenes,
 * written by a model on this machine, asked about, illustrated, put together and saved.
 *
 *   npm run models                                  once: fetches the built-in models
 *   node docs/examples/crystal-guardian.ts [folder]   (Node 24; "npx node …" uses the project's)
 */
import { readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '#electron/cli/runCli.ts';

const here = import.meta.dirname;
const pictures = join(here, '../../electron/samples/crystal-guardian-en/images');
const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'crystal-guardian-')));
const story = join(folder, 'The Crystal Guardian');

const picture = (stem: string): string =>
  join(pictures, readdirSync(pictures).find((name) => name.startsWith(stem)) ?? stem);

/** Runs `storyloom <args>` and gives its result, the document that `--json` prints last. */
async function storyloom(...args: string[]): Promise<Record<string, unknown>> {
  let out = '';
  await runCli([...args, '--json', '--ui', 'en', '--config', join(here, 'config.json')], {
    env: process.env,
    cwd: folder,
    out: (text) => {
      out += text;
    },
    err: (text) => void process.stderr.write(text),
    signal: new AbortController().signal,
  });
  return JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
}

/** A step that must succeed; anything else ends the example. */
async function step(...args: string[]): Promise<Record<string, unknown>> {
  const result = await storyloom(...args);
  if (result['status'] === 'success') return result;
  console.error(`storyloom ${args.join(' ')}: ${String(result['title'])}. ${String(result['next'])}`);
  console.error(String(result['message']));
  process.exit(1);
}

// storyteller = StorytellerAI("config.json"); storyteller.set_language("english")
// storyteller.create_new_story("The Crystal Guardian")
await step('create', 'The Crystal Guardian', '--language', 'english', '--in', folder);

// storyteller.add_character(name, description, image)
await step(
  ...['--story', story, 'character', 'add', 'Elara'],
  ...['--description', 'A young sorceress with the ability to communicate with crystals'],
  ...['--image', picture('elara')],
);

// storyteller.add_scene(description, image)
await step(
  ...['--story', story, 'scene', 'add', 'A mysterious forest with glowing crystals'],
  ...['--image', picture('glowing-forest')],
);
await step(
  ...['--story', story, 'scene', 'add', 'A hidden cave beneath the ancient tree'],
  ...['--image', picture('cave-gate')],
);

// result = storyteller.generate_scene_content(0)
for (const number of ['1', '2']) {
  const result = await step('--story', story, 'write', number, '--seed', '1');
  console.log(`Scene ${number} content: ${String(result['content']).slice(0, 100)}...`);
}

// answer = storyteller.ask_about_scene(0, question); without a model that sees, the answer says what to install
const question = 'What magical elements are visible in this scene?';
const answer = await storyloom('--story', story, 'ask', '1', question);
const failure = answer as { code?: string; message?: string; details?: { install?: string[] } };
console.log(
  answer['status'] === 'success'
    ? `Q: ${question}\nA: ${String(answer['answer'])}`
    : `Q: ${question}\nA: (${failure.code ?? ''}) ${failure.message ?? ''}; install one of: ${failure.details?.install?.join(', ') ?? 'none'}`,
);

// illustrations = storyteller.illustrate_scene(0, image_pool)
const illustrations = await step('--story', story, 'illustrate', '1', '--pool', pictures);
console.log(`Best illustration indices: ${JSON.stringify(illustrations['illustration_indices'])}`);

// complete_story = storyteller.generate_complete_story()
const complete = await step('--story', story, 'complete');
console.log(`Complete story length: ${String(complete['length'])} characters`);

// storyteller.save_story("stories/crystal_guardian.json")
const saved = await step('--story', story, 'save', join(folder, 'stories', 'crystal_guardian.json'));
console.log(String(saved['message']));

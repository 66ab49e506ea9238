import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { catalog } from '#models/catalog/catalog.ts';
import { Decoder } from '#models/runtime/Decoder.ts';
import { candidates, createRandom, draw, forbid, penalizeRepetition } from '#models/runtime/sampling.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';
import { desk } from '../e2e/desk.ts';
import { openDesktopStudio } from '../e2e/desktopStudio.ts';
import { installedModels } from '../support/models.ts';

/**
 * Text generation as far as the painted suggestion card of the desktop window, over the bare session loop: the same
 * model, prompt, seed and tokens, in turns. `xvfb-run -a npx node test/bench/windowStream.bench.ts [rounds]`, after
 * `npm run build`. Fails when the texts differ or the time of a token is more than the goal's share longer.
 */
const rounds = Number(process.argv[2] ?? 9);
const tokens = 184;
const temperature = 0.6;
const goal = 1.03;
const never = new AbortController().signal;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

interface Painted {
  readonly tokens: number;
  readonly atMs: number;
}

declare global {
  interface Window {
    painted: Painted[];
  }
}

interface BareRun {
  readonly ids: readonly number[];
  readonly msPerToken: number;
}

function openBare(decoder: Decoder, prompt: readonly number[], model: string) {
  const own = catalog.find(({ id }) => id === model)?.writing?.sampling;
  if (!own) throw new Error(`${model} does not write`);
  /** Draws as the engine does, and nothing else: no text, no stop strings, no messages. */
  return async (seed: number): Promise<BareRun> => {
    const random = createRandom(seed);
    const ids: number[] = [];
    let logits = await decoder.prefill(prompt, never);
    let beganAt = 0;
    while (ids.length < tokens) {
      penalizeRepetition(logits, ids.slice(-64), own.repetitionPenalty);
      if (ids.length < own.minTokens) forbid(logits, decoder.config.endIds);
      const id = draw(candidates(logits, { ...own, temperature }), random());
      if (decoder.config.endIds.includes(id)) break;
      ids.push(id);
      if (ids.length === 1) beganAt = performance.now();
      logits = await decoder.step([id]);
    }
    return { ids, msPerToken: (performance.now() - beganAt) / ids.length };
  };
}

/** Keeps when each count of tokens that the card shows had been painted. */
const watchCard = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.painted = [];
    let shown = 0;
    const look = () => {
      const line = document.querySelector('.sl-assistant .sl-card-head h2')?.textContent ?? '';
      const count = Number(/^Writing, (\d+) tokens/.exec(line)?.[1] ?? 0);
      if (count === 0 || count === shown) return;
      shown = count;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.painted.push({ tokens: count, atMs: performance.now() });
        port2.postMessage(null);
      });
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });

/** One suggestion of the window, from its first painted tokens to its last. */
async function inWindow(page: Page): Promise<{ text: string; msPerToken: number; paints: number }> {
  await page.evaluate(() => {
    window.painted = [];
  });
  await page.getByRole('button', { name: 'Write on' }).last().click();
  await page.getByRole('log', { name: 'Suggested text' }).waitFor();
  const proposal = page.getByLabel('Suggested text, may be changed before it is accepted');
  await proposal.waitFor({ timeout: 60_000 });
  const painted = await page.evaluate(() => window.painted);
  const [first, last] = [painted[0], painted.at(-1)];
  if (!first || !last || painted.length < 3) throw new Error('Nothing was streamed into the window');
  const msPerToken = (last.atMs - first.atMs) / (last.tokens - first.tokens);
  return { text: await proposal.inputValue(), msPerToken, paints: painted.length };
}

async function setSeed(page: Page, seed: number): Promise<void> {
  await page.getByRole('textbox', { name: 'Seed' }).fill(String(seed));
  await page.keyboard.press('Tab');
}

async function choose(page: Page): Promise<void> {
  await desk.tab(page, 'Assistant').click();
  await page.getByRole('button', { name: 'Length, temperature, seed' }).click();
  for (const [label, value] of [
    ['Length at most, in tokens', tokens],
    ['Temperature', temperature],
  ] as const) {
    await page.getByRole('textbox', { name: label }).fill(String(value));
    await page.keyboard.press('Tab');
  }
}

async function sentPrompt(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'What was sent' }).click();
  const prompt = (await page.locator('.sl-prompt').textContent()) ?? '';
  await page.keyboard.press('Escape');
  return prompt;
}

async function measure(models: string, model: string, language: 'English' | '中文', text: string) {
  const root = await mkdtemp(join(tmpdir(), 'storyloom-window-'));
  const [profile, stories] = [join(root, 'profile'), join(root, 'stories')];
  await Promise.all([mkdir(profile), mkdir(stories)]);
  const studio = await openDesktopStudio(profile, stories, { STORYLOOM_MODELS: models });
  try {
    const { page } = studio;
    await desk.createStory(page, 'Stream', language);
    await desk.addScene(page);
    await desk.type(page, text);
    await choose(page);
    await watchCard(page);
    await inWindow(page);
    await using decoder = await Decoder.open(join(models, model));
    const tokenizer = await TextTokenizer.open(join(models, model));
    const bareLoop = openBare(decoder, tokenizer.encode(await sentPrompt(page)), model);
    let seed = 1;
    while ((await bareLoop(seed)).ids.length < tokens) seed += 1;
    await setSeed(page, seed);
    const pairs: { bare: number; window: number; paints: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const bare = await bareLoop(seed);
      const shown = await inWindow(page);
      const stream = tokenizer.stream();
      const wanted = bare.ids.map((id) => stream.push(id)).join('');
      if (!wanted.trim().startsWith(shown.text.trim().slice(0, -2))) {
        throw new Error(`The window wrote ${JSON.stringify(shown.text)}, the loop ${JSON.stringify(wanted)}`);
      }
      pairs.push({ bare: bare.msPerToken, window: shown.msPerToken, paints: shown.paints });
    }
    const of = (key: 'bare' | 'window' | 'paints') => median(pairs.map((pair) => pair[key]));
    return {
      model,
      seed,
      'bare ms per token': of('bare').toFixed(2),
      'window ms per token': of('window').toFixed(2),
      paints: of('paints'),
      ratio: median(pairs.map(({ bare, window }) => window / bare)).toFixed(3),
    };
  } finally {
    await studio.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

const models = await installedModels();
const rows = [
  await measure(models, 'stories15m', 'English', 'Elara and Tomas found a shining crystal in the cave. '),
  await measure(models, 'minimind2-small', '中文', '艾拉和托马斯在黑暗的山洞里发现了一颗发光的水晶。'),
];
console.table(rows);
process.exitCode = rows.every(({ ratio }) => Number(ratio) <= goal) ? 0 : 1;

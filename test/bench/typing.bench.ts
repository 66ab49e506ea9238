/**
 * How long a key takes until its letter is painted, in a scene of 10,000 words with pictures, in the real page on the
 * real studio server; beside a bare textarea and a bare contenteditable with the same text in the same run.
 *
 * Run with `node test/bench/typing.bench.ts [keys]`, after `npm run build`.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { openBrowserStudio } from '../e2e/browserStudio.ts';
import { longScene } from './typing/longScene.ts';

const keys = Number(process.argv[2] ?? 300);
const words = 10_000;
/** A fast typist: about 15 keys a second. */
const pauseMs = 60;

interface Sample {
  /** From the key to the first task after the frame that shows it. */
  readonly paintMs: number;
  /** The page's own work for it: handling the key, and the frame. The wait for the screen's next refresh is left out. */
  readonly workMs: number;
}

declare global {
  interface Window {
    samples: Sample[];
  }
}

/** Takes a sample for every letter typed from now on. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.samples = [];
    const afterThis = (then: () => void) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = then;
      channel.port2.postMessage(null);
    };
    let beganMs = 0;
    let handledMs = 0;
    const input = () =>
      afterThis(() => {
        handledMs = performance.now() - beganMs;
      });
    const keydown = (event: KeyboardEvent) => {
      beganMs = performance.now();
      handledMs = 0;
      requestAnimationFrame(() => {
        const frameMs = performance.now();
        afterThis(() => {
          const now = performance.now();
          window.samples.push({ paintMs: now - event.timeStamp, workMs: handledMs + now - frameMs });
        });
      });
    };
    window.addEventListener('keydown', keydown, { capture: true });
    window.addEventListener('beforeinput', input, { capture: true });
  });
}

async function type(page: Page): Promise<readonly Sample[]> {
  const letters = 'the quick brown fox jumps over the lazy dog and ';
  for (let index = 0; index < keys; index++) {
    await page.keyboard.press(
      letters[index % letters.length] === ' ' ? 'Space' : (letters[index % letters.length] ?? 'a'),
    );
    await page.waitForTimeout(pauseMs);
  }
  return page.evaluate(() => window.samples);
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
function row(name: string, samples: readonly Sample[]) {
  const paint = samples.map(({ paintMs }) => paintMs).sort((a, b) => a - b);
  const work = samples.map(({ workMs }) => workMs).sort((a, b) => a - b);
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    editor: name,
    keys: samples.length,
    'paint p50 ms': round(at(paint, 0.5)),
    'paint p95 ms': round(at(paint, 0.95)),
    'paint max ms': round(at(paint, 1)),
    'work p50 ms': round(at(work, 0.5)),
    'work p95 ms': round(at(work, 0.95)),
  };
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.querySelector('.cm-content')?.dispatchEvent(event);
  }, text);
}

/** The caret into the middle of the scene, between two words. */
async function goToMiddle(page: Page): Promise<void> {
  const scroller = page.locator('.cm-scroller');
  await scroller.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  await page.waitForTimeout(500);
  await page.locator('.cm-line:not(.sl-gap):not(.sl-figure-line)').filter({ hasText: 'salt' }).nth(1).click();
  await page.waitForTimeout(500);
}

const folder = await mkdtemp(join(tmpdir(), 'storyloom-typing-'));
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const studio = await openBrowserStudio(context, join(folder, 'data'), join(folder, 'stories'), {});
  const { page } = studio;
  await page.getByText('The Crystal Guardian').first().click();
  await page.waitForSelector('.cm-content');
  const [story = ''] = await readdir(studio.stories);
  const pictures = (await readdir(join(studio.stories, story, 'images'))).filter((file) =>
    /\.(png|jpe?g|webp)$/.test(file),
  );
  const text = longScene({ words, language: 'en', pictures });

  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await paste(page, text);
  await page.waitForTimeout(3_000);
  await goToMiddle(page);
  await watchKeys(page);
  const ours = await type(page);
  const shown = await page.locator('.cm-line', { hasText: 'the quick brown fox' }).count();
  if (shown === 0) throw new Error('The letters did not arrive in the editor');
  await studio.close();

  const bare = async (html: string) => {
    const plain = await context.newPage();
    await plain.setContent(`<body style="font: 18px/1.7 serif">${html}</body>`);
    await plain.evaluate((value) => {
      const field = document.querySelector<HTMLElement>('#field');
      if (field instanceof HTMLTextAreaElement) {
        field.value = value;
        field.focus();
        field.setSelectionRange(value.length / 2, value.length / 2);
      } else if (field) {
        field.innerText = value;
        field.focus();
        const middle = field.childNodes[Math.floor(field.childNodes.length / 2)];
        if (middle) getSelection()?.collapse(middle, 0);
      }
    }, text);
    await watchKeys(plain);
    const samples = await type(plain);
    await plain.close();
    return samples;
  };
  const textarea = await bare(
    '<textarea id="field" style="width: 40em; height: 800px; font: inherit"></textarea>',
  );
  const editable = await bare(
    '<div id="field" contenteditable style="width: 40em; height: 800px; overflow: auto; white-space: pre-wrap"></div>',
  );
  console.table([
    row('Storyloom', ours),
    row('bare textarea', textarea),
    row('bare contenteditable', editable),
  ]);
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

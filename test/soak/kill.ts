import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject } from '#electron/services/studio/project/createProject.ts';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';

/** What came of many kills. Times in milliseconds. */
export interface KillReport {
  readonly kills: number;
  readonly lostStories: number;
  readonly missingSaves: number;
  /** Words that were acknowledged and are gone. */
  readonly missingWords: number;
  readonly temporaryFilesLeft: number;
  readonly acknowledgedSaves: number;
  readonly recoveries: number;
  readonly slowestReopenMs: number;
  /** How far before the kill the oldest lost word had been typed; 0 where none was lost. */
  readonly typingLostP99Ms: number;
  readonly typingLostMaxMs: number;
}

interface Run {
  readonly typedAt: ReadonlyMap<number, number>;
  readonly journaled: number;
  readonly saved: number;
  readonly saves: number;
  readonly killedAt: number;
}

const writer = fileURLToPath(new URL('killWriter.ts', import.meta.url));

/** Runs a writer and kills it at a random moment of its work. */
function runAndKill(userDataFolder: string, folder: string, first: number, waitMs: number): Promise<Run> {
  const child = spawn(process.execPath, [writer, userDataFolder, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'storyloom-compile-cache') },
  });
  const typedAt = new Map<number, number>();
  let journaled = first - 1;
  let saved = -1;
  let saves = 0;
  let killedAt = 0;
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const number = Number(line.slice(2));
      if (line === 'READY') {
        setTimeout(() => {
          killedAt = performance.now();
          child.kill('SIGKILL');
        }, waitMs);
      } else if (line.startsWith('T ')) typedAt.set(number, performance.now());
      else if (line.startsWith('J ')) journaled = number;
      else if (line.startsWith('S ')) {
        saved = number;
        saves += 1;
      }
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      if (killedAt === 0) reject(new Error('The writer ended by itself'));
      else resolve({ typedAt, journaled, saved, saves, killedAt });
    });
  });
}

/** The words of a story; `null` where one is missing, doubled or out of place. */
function wordsIn(story: Story): number | null {
  const text = sceneOrder(story.outline)
    .map((id) => story.scenes[id]?.text ?? '')
    .join('');
  const words = text.split(' ').slice(0, -1);
  return words.every((word, at) => word === String(at)) ? words.length : null;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Kills a writing process `count` times and looks each time at what is left. A story is begun afresh every 50 kills. */
export async function killMany(
  count: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<KillReport> {
  const root = mkdtempSync(join(tmpdir(), 'storyloom-kill-'));
  const userDataFolder = join(root, 'data');
  let lostStories = 0;
  let missingSaves = 0;
  let missingWords = 0;
  let temporaryFilesLeft = 0;
  let acknowledgedSaves = 0;
  let recoveries = 0;
  let slowestReopenMs = 0;
  const typingLost: number[] = [];
  try {
    let folder = '';
    let words = 0;
    for (let kill = 0; kill < count; kill++) {
      if (kill % 50 === 0) {
        folder = await createProject(root, `Story ${String(kill)}`, 'en');
        words = 0;
      }
      const run = await runAndKill(userDataFolder, folder, words, 5 + Math.random() * 250);
      acknowledgedSaves += run.saves;
      try {
        const onDisk = await loadProject(createDiskSource(folder), { keepsTexts: true });
        const saved = wordsIn(onDisk.story);
        if (saved === null || onDisk.damaged.size > 0) lostStories += 1;
        else if (saved < run.saved + 1) missingSaves += 1;
        const startedAt = performance.now();
        const sessions = createSessions({ userDataFolder, autosave: false, watch: false });
        const opened = await sessions.open(folder);
        slowestReopenMs = Math.max(slowestReopenMs, performance.now() - startedAt);
        if (opened.readOnly !== null) throw new Error(`Opened read-only: ${opened.readOnly}`);
        recoveries += opened.notices.some(({ kind }) => kind === 'recovered') ? 1 : 0;
        const session = sessions.get(opened.sessionId);
        await session.readTexts(sceneOrder(opened.story.outline));
        const recovered = wordsIn(session.story);
        if (recovered === null) throw new Error('The words are out of order');
        missingWords += Math.max(0, run.journaled + 1 - recovered);
        const lostAt = run.typedAt.get(recovered);
        typingLost.push(lostAt === undefined ? 0 : run.killedAt - lostAt);
        words = recovered;
        await sessions.closeAll();
        for (const part of ['', 'scenes', 'characters', 'images']) {
          const names = await readdir(join(folder, part));
          temporaryFilesLeft += names.filter((name) => name.endsWith('.storyloom-tmp')).length;
        }
      } catch (thrown) {
        console.error(`kill ${String(kill)}:`, thrown);
        lostStories += 1;
        folder = await createProject(root, `After ${String(kill)}`, 'en');
        words = 0;
      }
      onProgress(kill + 1);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return {
    kills: count,
    lostStories,
    missingSaves,
    missingWords,
    temporaryFilesLeft,
    acknowledgedSaves,
    recoveries,
    slowestReopenMs: Math.round(slowestReopenMs),
    typingLostP99Ms: Math.round(percentile(typingLost, 0.99)),
    typingLostMaxMs: Math.round(Math.max(0, ...typingLost)),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = Number(process.argv[2] ?? 2_000);
  const report = await killMany(count, (done) => {
    if (done % 100 === 0) console.log(`${String(done)} kills`);
  });
  console.table(report);
  const bad = report.lostStories + report.missingSaves + report.missingWords + report.temporaryFilesLeft;
  process.exitCode = bad === 0 && report.typingLostP99Ms <= 2_000 ? 0 : 1;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that holds the queue is killed again and again while jobs come in bursts and their proposals are taken over;
 * the last one lives to the end. No job that was acknowledged may be lost, no item may show two results, and the process
 * that lives must not grow. `npx node test/soak/jobs.ts [jobs] [kills]`.
 */
const [jobsText = '10000', killsText = '500'] = process.argv.slice(2);
const [wantedJobs, wantedKills] = [Number(jobsText), Number(killsText)];
const folder = mkdtempSync(join(tmpdir(), 'storyloom-soak-jobs-'));
const holder = join(import.meta.dirname, 'jobsHolder.ts');

/** Whole lines of a log: the last may be torn by a kill. */
function lines(name: string): string[] {
  try {
    return readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

interface Told {
  readonly ready?: true;
  readonly refusalMs?: number;
  readonly heapBytes?: number;
  /** Of the whole process, without what the heap has taken. */
  readonly otherBytes?: number;
}

const refusals: number[] = [];

/** One life of the process: killed after a while, or left to do all that is wanted. */
async function live(upTo: number, killAfterMs: number | null, hear: (told: Told) => void): Promise<void> {
  const args = ['--expose-gc', holder, folder, String(lines('started').length), String(upTo)];
  const child = spawn(process.execPath, killAfterMs === null ? [...args, 'end'] : args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = new Promise<void>((resolve) => {
    child.on('message', (told: Told) => {
      if (told.refusalMs !== undefined) refusals.push(told.refusalMs);
      if (told.ready) resolve();
      hear(told);
    });
  });
  if (killAfterMs !== null) {
    // Every tenth dies while it starts.
    if (killAfterMs > 30) await Promise.race([ready, ended]);
    await sleep(killAfterMs);
    child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The holder ended with ${String(code ?? signal)}`);
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;

const startedAt = performance.now();
const memory: { heapMiB: number; otherMiB: number }[] = [];
try {
  for (let kill = 1; kill <= wantedKills; kill++) {
    const upTo = Math.ceil((wantedJobs / 2) * (kill / wantedKills));
    await live(upTo, Math.random() * 300, () => undefined);
    if (kill % 50 === 0) {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(`${String(kill)} kills, ${String(lines('started').length)} jobs, ${String(seconds)} s`);
    }
  }
  await live(wantedJobs, null, ({ heapBytes, otherBytes }) => {
    if (heapBytes === undefined || otherBytes === undefined) return;
    memory.push({ heapMiB: heapBytes / 2 ** 20, otherMiB: otherBytes / 2 ** 20 });
  });

  const jobs = lines('started').map((line) => line.split(' '));
  const wanted = jobs.flatMap(([name = '', items = '0']) =>
    Array.from({ length: Number(items) }, (_, index) => `${name}/${String(index)}`),
  );
  /** What each item says in the story, by all texts that were ever written there for it. */
  const shown = Map.groupBy(lines('effects'), (text) => text.split(' ')[0] ?? '');
  const lost = wanted.filter((item) => !shown.has(item)).length;
  const twice = [...shown.values()].filter((texts) => new Set(texts).size > 1).length;
  const ran = lines('ran');
  const round = (value = 0) => Math.round(value * 10) / 10;
  // The first quarter is of a process that still warms up.
  const settled = memory.slice(memory.length >> 2);
  console.log({
    jobs: jobs.length,
    items: wanted.length,
    kills: wantedKills,
    lost,
    twice,
    runs: ran.length,
    itemsRunAgain: ran.length - new Set(ran).size,
    refusals: refusals.length,
    refusalMs: { p99: round(percentile(refusals, 0.99)), most: round(percentile(refusals, 1)) },
    heapMiB: [round(settled[0]?.heapMiB), round(settled.at(-1)?.heapMiB)],
    otherMiB: [round(settled[0]?.otherMiB), round(settled.at(-1)?.otherMiB)],
    seconds: Math.round((performance.now() - startedAt) / 1000),
  });
  if (lost > 0 || twice > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

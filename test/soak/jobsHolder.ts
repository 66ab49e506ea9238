import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors/AppError.ts';
import { StoryId } from '#shared/story/ids.ts';
import { openJobDesk, said } from '../support/jobDesk.ts';

/**
 * Holds the queue until it is killed or everything is done: asks for jobs in bursts, does them, and plays the writer who
 * takes every proposal over. `jobsHolder.ts <folder> <jobs so far> <jobs in all> <end when done>`.
 */
const [folder = '', soFar = '0', inAll = '0', ends = ''] = process.argv.slice(2);
const note = (file: string, line: string) => appendFileSync(join(folder, file), `${line}\n`);
const tell = (message: object) => process.send?.(message);
const burst = 40;
const failing = 0.01;

const desk = openJobDesk({
  folder,
  width: 4,
  storyId: StoryId.parse('soakstory0'),
  async run(item) {
    note('ran', item);
    await sleep(Math.random() * 4);
    if (Math.random() < failing) throw new AppError('image/not-found', 'It happens');
    // Every run says something else: two results of one item could be told apart.
    return said(`${item} ${randomUUID()}`);
  },
});
let started = Number(soFar);

/** Does something that a full queue may refuse; tells whether it was done. */
function unlessFull(work: () => void): boolean {
  const askedAt = performance.now();
  try {
    work();
    return true;
  } catch (thrown) {
    if (AppError.from(thrown).code !== 'jobs/full') throw thrown;
    tell({ refusalMs: performance.now() - askedAt });
    return false;
  }
}

/** Asks for jobs until the queue is full. */
function ask(): void {
  for (let count = 0; count < burst && started < Number(inAll); count++) {
    const name = `${String(process.pid)}-${randomUUID().slice(0, 8)}`;
    const items = 1 + Math.floor(Math.random() * 3);
    const itemNames = Array.from({ length: items }, (_, index) => `${name}/${String(index)}`);
    const priority = (['screen', 'asked', 'background'] as const)[started % 3];
    if (!unlessFull(() => desk.add(itemNames, priority))) return;
    note('started', `${name} ${String(items)}`);
    started += 1;
  }
  desk.runner.wake();
}

/** Takes every proposal over: first the text stands in the story, then the decision is noted. */
function accept(): void {
  for (const { id, seq, proposals, counts, endedAt } of desk.store.list()) {
    if (endedAt !== null && counts.failed > 0) unlessFull(() => desk.store.retry(seq));
    if (proposals === 0) continue;
    const items = desk.store.items(id, 'proposals', 0, 1000);
    for (const { result } of items) note('effects', (result as { text: string }).text);
    desk.store.decide(
      id,
      items.map(({ item }) => item),
      'accepted',
    );
  }
  desk.runner.wake();
}

desk.openStory();
tell({ ready: true });
for (let round = 0; ; round++) {
  ask();
  await sleep(20);
  accept();
  if (round % 50 === 0) {
    globalThis.gc?.();
    const { heapUsed, heapTotal, rss } = process.memoryUsage();
    // How much the heap keeps in reserve follows the pace of the work, and is no leak.
    tell({ heapBytes: heapUsed, otherBytes: rss - heapTotal });
  }
  const isDone = started >= Number(inAll) && desk.store.list().every(({ endedAt }) => endedAt !== null);
  if (ends !== '' && isDone && desk.store.list().every(({ counts }) => counts.failed === 0)) break;
}
accept();
await desk.close();
process.disconnect();

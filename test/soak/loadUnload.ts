import { readFileSync } from 'node:fs';
import type { ModelId } from '#shared/models/manifest.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';

/**
 * Loads, uses and unloads the built-in models in turn, so many times, in the real engine process. Its resident memory
 * must come back to within 5 % of what it was after the first cycle, and never be above the budget and 10 % for 2 s.
 * `npx node test/soak/loadUnload.ts [times]`
 */
const times = Number(process.argv[2] ?? 200);
const budgetBytes = 512 * 1024 ** 2;
const mebibyte = 1024 ** 2;

const residentBytes = (pid: number): number => {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
};

await using engine = await startEngine({ models: await installedModels(), budgetBytes });
const { models } = engine.client;
const entries = await models.list();
const installed = entries
  .filter(({ status }) => status.state === 'installed')
  .map(({ manifest }) => manifest.id);
const { pid } = engine.process;
if (pid === undefined || installed.length < 3) throw new Error('no engine, or no models');

let above = 0;
let longestAboveMs = 0;
let peak = 0;
const watch = setInterval(() => {
  const now = residentBytes(pid);
  peak = Math.max(peak, now);
  above = now > budgetBytes * 1.1 ? above + 100 : 0;
  longestAboveMs = Math.max(longestAboveMs, above);
}, 100);

/** Memory once the collector and the allocator have given back what they will: the least of five looks in a second. */
async function settled(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 5; look++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    least = Math.min(least, residentBytes(pid as number));
  }
  return least;
}

async function cycle(modelId: ModelId): Promise<void> {
  await models.load({ modelId });
  await models.unload({ modelId });
}

const started = performance.now();
for (const modelId of installed) await cycle(modelId);
const first = await settled();
const samples: number[] = [];
for (let index = 0; index < times; index++) {
  const modelId = installed[index % installed.length];
  if (modelId) await cycle(modelId);
  if (index % installed.length === installed.length - 1) samples.push(await settled());
}
clearInterval(watch);
const last = samples.at(-1) ?? first;
const worst = Math.max(...samples);
const share = (bytes: number) => `${(((bytes - first) / first) * 100).toFixed(1)} %`;
console.log(
  `${String(times)} loads and unloads of ${installed.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
console.log(
  `resident: ${(first / mebibyte).toFixed(0)} MiB after the first cycle, ${(last / mebibyte).toFixed(0)} after the last ` +
    `(${share(last)}), at most ${(worst / mebibyte).toFixed(0)} between cycles (${share(worst)}), peak ${(peak / mebibyte).toFixed(0)}; ` +
    `longest above budget + 10 %: ${String(longestAboveMs)} ms`,
);
if (last > first * 1.05 || longestAboveMs >= 2000) {
  console.error('Memory did not come back');
  process.exitCode = 1;
}

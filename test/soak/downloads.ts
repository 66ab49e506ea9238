import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { downloadFiles } from '#models/manager/download/downloadFiles.ts';
import { resolveFiles } from '#models/manager/download/resolveFiles.ts';
import { createRandom } from '#models/runtime/sampling.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { type Fault, faults, startHub } from '../support/misbehavingHub.ts';

/**
 * Faulty downloads: random faults at every request, each gone on with until it ends; then as many downloads in a process that
 * is killed in the middle as it takes to count the bytes of so many resumes.
 * `node test/soak/downloads.ts [downloads] [resumes]`. Fails on a wrong file, an untyped error, a hang above a minute, or
 * more than 1 MiB fetched again after a resume.
 */
const downloads = Number(process.argv[2] ?? 1000);
const resumes = Number(process.argv[3] ?? 200);
const mostAgain = 1024 * 1024;
const hangMs = 60_000;
const random = createRandom(5);
const root = mkdtempSync(join(tmpdir(), 'storyloom-faulty-'));
const once = fileURLToPath(new URL('downloadOnce.ts', import.meta.url));

const payload = (size: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, () => Math.floor(random() * 256)));
const files = {
  'model.onnx': payload(2_500_000),
  'tokenizer.json': payload(40_000),
  'config.json': payload(300),
};
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const digests = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, digest(bytes)]));
/** Half of all requests go wrong. */
const anyFault = (): Fault =>
  random() < 0.5 ? 'none' : (faults[Math.floor(random() * faults.length)] ?? 'none');
/** A line that breaks, but never lies: what was received may be gone on with, and every byte sent twice is our fault. */
const broken: readonly Fault[] = ['slow', 'slow', 'slow', 'reset', 'cut-short', 'stall'];
const brokenLine = (): Fault => broken[Math.floor(random() * broken.length)] ?? 'slow';

const partSize = (folder: string) =>
  stat(join(folder, 'model.onnx.part')).then(
    ({ size }) => size,
    () => 0,
  );

async function killedInTheMiddle(endpoint: string, folder: string): Promise<void> {
  const child = fork(once, [endpoint, folder], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await Promise.race([new Promise((resolve) => child.once('message', resolve)), ended]);
  await delay(random() * 250);
  child.kill('SIGKILL');
  await ended;
}

async function attempt(endpoint: string, folder: string): Promise<string> {
  const place = { endpoint, repository: 'some/model', revision: 'main' };
  const options = { token: null, signal: AbortSignal.timeout(hangMs), idleMs: 100, attempts: 3, pace: 0.02 };
  try {
    const { commit, files: list } = await resolveFiles(place, options);
    await downloadFiles({
      ...place,
      ...options,
      revision: commit,
      files: list,
      to: folder,
      onProgress: () => undefined,
    });
    return 'done';
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : `untyped ${String(thrown)}`;
  }
}

const report = {
  downloads: 0,
  finished: 0,
  errors: {} as Record<string, number>,
  kills: 0,
  resumes: 0,
  resumedFromBytes: { least: Infinity, most: 0 },
  wrongFiles: 0,
  hangs: 0,
  untyped: 0,
  mostFetchedAgain: 0,
};
try {
  for (let number = 0; number < downloads || report.resumes < resumes; number++) {
    const folder = join(root, String(number));
    let calm = false;
    const killed = number >= downloads;
    await using hub = await startHub(files, () => {
      if (calm) return 'none';
      return killed ? brokenLine() : anyFault();
    });
    if (killed) {
      await killedInTheMiddle(hub.endpoint, folder);
      report.kills += 1;
    }
    for (let round = 0; ; round++) {
      // What a killed process left is gone on with at once, without a fault, so that every byte can be counted.
      calm = killed || round === 4;
      const part = await partSize(folder);
      const before = hub.sentBytes;
      const outcome = await attempt(hub.endpoint, folder);
      if (outcome.startsWith('untyped')) {
        report.untyped += 1;
        console.error(number, outcome);
      }
      if (outcome === 'task/cancelled') report.hangs += 1;
      if (outcome !== 'done') report.errors[outcome] = (report.errors[outcome] ?? 0) + 1;
      if (calm && part > 0) {
        report.resumes += 1;
        const { least, most } = report.resumedFromBytes;
        report.resumedFromBytes = { least: Math.min(least, part), most: Math.max(most, part) };
        const rest = Object.values(files).reduce((sum, { length }) => sum + length, 0) - part;
        report.mostFetchedAgain = Math.max(report.mostFetchedAgain, hub.sentBytes - before - rest);
      }
      if (outcome === 'done' || calm) {
        report.finished += outcome === 'done' ? 1 : 0;
        break;
      }
    }
    for (const path of Object.keys(files)) {
      const there = await readFile(join(folder, path)).catch(() => null);
      if (there && digest(there) !== digests[path]) report.wrongFiles += 1;
    }
    rmSync(folder, { recursive: true, force: true });
    if ((number + 1) % 100 === 0)
      console.log(`${String(number + 1)} downloads, ${String(report.resumes)} resumes`);
    report.downloads = number + 1;
  }
  console.log(report);
  const broken =
    report.wrongFiles + report.hangs + report.untyped + (report.finished < report.downloads ? 1 : 0);
  process.exitCode = broken === 0 && report.mostFetchedAgain <= mostAgain ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import { createRandom } from '#models/runtime/sampling.ts';
import { writeTinyTextModel } from '../support/tinyTextModel.ts';
import { mutateBytes, mutateJson, type Random } from './mutate.ts';

/**
 * Damaged and hostile model files, loaded and run in a process of their own as in the application.
 * `node test/soak/hostileModels.ts [mutants of each kind] [first seed]`. Fails on an error without a code, or a call that
 * neither answers nor ends its process within two seconds.
 */
const hangMs = 2000;
const kinds = {
  graph: 'model.onnx',
  weights: 'model.onnx.data',
  tokenizer: 'tokenizer.json',
  config: 'decoder.json',
} as const;
type Kind = keyof typeof kinds;

const mutantsEach = Number(process.argv[2] ?? 10_000);
const firstSeed = Number(process.argv[3] ?? 1);
const root = mkdtempSync(join(tmpdir(), 'storyloom-hostile-'));
const loader = fileURLToPath(new URL('hostileModelLoader.ts', import.meta.url));

let child: ChildProcess | undefined;

async function ready(): Promise<ChildProcess> {
  if (child?.connected) return child;
  child = fork(loader, [root], {
    env: childEnvironment(process.env, process.platform),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

/** What came of loading a folder: an answer, `crash`, or `hang`. */
async function outcomeOf(name: string): Promise<string> {
  const loading = await ready();
  const { promise, resolve } = Promise.withResolvers<string>();
  loading.once('message', resolve);
  loading.once('exit', () => resolve('crash'));
  const timer = setTimeout(() => resolve('hang'), hangMs);
  loading.send(name);
  const outcome = await promise;
  clearTimeout(timer);
  loading.removeAllListeners();
  if (outcome === 'hang' || outcome === 'crash') {
    loading.kill('SIGKILL');
    child = undefined;
  }
  return outcome;
}

function mutant(kind: Kind, source: Uint8Array, random: Random): Uint8Array {
  const isJson = kind === 'tokenizer' || kind === 'config';
  if (!isJson || random() < 0.3) return mutateBytes(source, random);
  const value: unknown = JSON.parse(Buffer.from(source).toString('utf8'));
  return Buffer.from(JSON.stringify(mutateJson(value, random)));
}

try {
  await writeTinyTextModel(join(root, 'sound'));
  const sound = await outcomeOf('sound');
  if (sound !== 'ok') throw new Error(`The sound model does not work: ${sound}`);
  const rows: Record<string, Record<string, number>> = {};
  let broken = 0;
  for (const [kind, file] of Object.entries(kinds) as [Kind, string][]) {
    const folder = `mutant-${kind}`;
    await cp(join(root, 'sound'), join(root, folder), { recursive: true });
    const source = await readFile(join(root, 'sound', file));
    const counts: Record<string, number> = {};
    for (let seed = firstSeed; seed < firstSeed + mutantsEach; seed++) {
      await writeFile(join(root, folder, file), mutant(kind, source, createRandom(seed)));
      const outcome = await outcomeOf(folder);
      const [name = ''] = outcome.split(' ', 1);
      counts[name] = (counts[name] ?? 0) + 1;
      if (name === 'untyped' || name === 'hang') {
        broken += 1;
        if (broken <= 20) console.error(kind, seed, outcome);
      }
    }
    rows[kind] = counts;
    console.log(kind, counts);
  }
  console.table(rows);
  process.exitCode = broken === 0 ? 0 : 1;
} finally {
  child?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
}

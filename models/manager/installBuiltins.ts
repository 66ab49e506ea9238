import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog } from '../catalog/catalog.ts';
import { ModelStore } from './ModelStore.ts';

/** Installs every model of the catalogue into a folder; what is there already is left alone. */
export async function installBuiltins(folder: string, say: (line: string) => void): Promise<void> {
  const store = new ModelStore(folder);
  await store.sweep();
  for (const manifest of catalog) {
    if (await store.find(manifest)) {
      say(`${manifest.id}: installed`);
      continue;
    }
    let tenths = -1;
    const onProgress = ({ phase, progress }: { phase: string; progress: number }) => {
      const now = Math.floor(progress * 10);
      if (phase === 'download' && now <= tenths) return;
      tenths = now;
      say(`${manifest.id}: ${phase} ${String(Math.round(progress * 100))} %`);
    };
    await store.install(manifest, onProgress, new AbortController().signal);
    say(`${manifest.id}: installed`);
  }
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const folder = positionals[0] ?? process.env['STORYLOOM_MODELS'];
  if (folder === undefined) {
    console.error('Name the folder for the models, or set STORYLOOM_MODELS.');
    process.exitCode = 2;
  } else {
    await installBuiltins(resolve(folder), (line) => console.log(line));
  }
}

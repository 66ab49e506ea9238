import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog } from '../catalog/catalog.ts';
import { ModelStore } from './ModelStore.ts';

/** Installs the models that come from npm, the ones a fresh application offers at once, into a folder; what is there already is left alone. Errors: download/*, disk/*. */
export async function installBuiltins(folder: string, say: (line: string) => void): Promise<void> {
  const store = new ModelStore(folder);
  await store.sweep();
  for (const manifest of catalog) {
    const [variant] = manifest.variants;
    if (manifest.source.kind !== 'npm' || !variant) continue;
    if (await store.find(manifest)) {
      say(`${manifest.id}: installed already`);
      continue;
    }
    let told = '';
    const onProgress = ({ phase, progress }: { phase: string; progress: number }) => {
      const line = `${manifest.id}: ${phase} ${String(Math.floor(progress * 4) * 25)} %`;
      if (line !== told) say(line);
      told = line;
    };
    await store.install(manifest, variant.precision, onProgress, new AbortController().signal);
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

import { join } from 'node:path';
import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { AppError } from '#shared/errors/AppError.ts';

/**
 * A process that loads whatever lies in the folder it is told, as the engine does, and writes a few words with it.
 * Answers with the code of the error, `ok`, or `untyped` and the message where an error is not one of ours.
 */
const manifest = catalog.find(({ id }) => id === 'stories15m');
const variant = manifest?.variants[0];
const adapter = adapters.get('text');
if (!manifest || !variant || !adapter) throw new Error('no text model to speak for');
const none = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, minTokens: 0, stop: [], seed: 1 };

async function load(folder: string): Promise<string> {
  if (!manifest || !variant || !adapter) return 'ok';
  try {
    await using model = await adapter.load({ manifest, variant, folder });
    const request = {
      images: [],
      prompt: 'the hen',
      names: [],
      keepTokens: 0,
      sampling: { ...none, maxTokens: 3 },
    };
    for await (const _ of model.generateText(request, new AbortController().signal));
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code;
    return `untyped ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
  }
}

process.on('message', (name: string) => {
  void load(join(process.argv[2] ?? '', name)).then((outcome) => process.send?.(outcome));
});
process.send?.('ready');

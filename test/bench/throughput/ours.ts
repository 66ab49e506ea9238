import { join } from 'node:path';
import { Decoder, readDecoderConfig } from '#models/runtime/Decoder.ts';
import { Embedder } from '#models/runtime/Embedder.ts';
import { PictureMemory } from '#models/runtime/PictureMemory.ts';
import { largest } from '#models/runtime/sampling.ts';
import { openSession } from '#models/runtime/sessions.ts';
import { EmbeddedInput } from '#models/runtime/stepInput.ts';
import { serve } from './contender.ts';

/** Our runtime as an adapter opens it, without pictures. Arguments: folder, threads. */
const [folder = '', threads = '2'] = process.argv.slice(2);
const open = (file: string) => openSession(join(folder, file), { threads: Number(threads) });
const config = await readDecoderConfig(folder);
const pictures = new PictureMemory(() => Promise.reject(new Error('no pictures here')));
const embedder = new Embedder(await open('embed_tokens.fp16.onnx'), pictures);
const positions = config.positions ?? { kind: 'learned' };
const decoder = new Decoder({
  config,
  session: await open('decoder.q4.onnx'),
  input: new EmbeddedInput(embedder, positions, config.headSize),
});
const never = new AbortController().signal;
let last = 0;

serve({
  async begin(prompt: readonly number[]) {
    last = largest(await decoder.prefill(prompt, never));
    return last;
  },
  async goOn(count: number) {
    const ids: number[] = [];
    while (ids.length < count) {
      last = largest(await decoder.step([last]));
      ids.push(last);
    }
    return ids;
  },
});

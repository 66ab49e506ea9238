import { serve } from '../throughput/contender.ts';

/** llama.cpp through node-llama-cpp, called directly. Arguments: GGUF file, threads, tokens of context. */
interface Sequence {
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number>;
  clearHistory(): Promise<void>;
}
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{ getSequence(): Sequence }>;
    }>;
  }>;
}

const [modelPath = '', threads = '2', contextSize = '2400'] = process.argv.slice(2);
// A name in a variable: the peers are installed by themselves, and types of what may be missing are not asked for.
const name = 'node-llama-cpp';
const { getLlama } = (await import(name)) as NodeLlamaCpp;
const llama = await getLlama({ gpu: false, maxThreads: Number(threads), build: 'never', logLevel: 'error' });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({
  contextSize: Number(contextSize),
  threads: Number(threads),
  flashAttention: true,
});
const sequence = context.getSequence();
let written: AsyncGenerator<number> | null = null;

async function next(): Promise<number> {
  const { value, done } = (await written?.next()) ?? { done: true };
  if (done) throw new Error('llama.cpp has stopped writing');
  return value;
}

serve({
  async begin(prompt: readonly number[]) {
    await written?.return(undefined);
    await sequence.clearHistory();
    written = sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true });
    return next();
  },
  async goOn(count: number) {
    const ids: number[] = [];
    while (ids.length < count) ids.push(await next());
    return ids;
  },
});

import { serve } from '../throughput/contender.ts';

/** A decoder through transformers.js, called directly. Arguments: folder in its layout, threads. */
interface Generated {
  readonly sequences: { readonly data: BigInt64Array };
  readonly past_key_values: unknown;
}
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean };
  readonly AutoModelForCausalLM: {
    from_pretrained(
      folder: string,
      options: object,
    ): Promise<{ generate(options: object): Promise<Generated> }>;
  };
  readonly Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => object;
}

const [folder = '', threads = '2'] = process.argv.slice(2);
// A name in a variable: the peers are installed by themselves, and types of what may be missing are not asked for.
const name = '@huggingface/transformers';
const { env, AutoModelForCausalLM, Tensor } = (await import(name)) as TransformersJs;
env.allowRemoteModels = false;
const model = await AutoModelForCausalLM.from_pretrained(folder, {
  dtype: 'q4',
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});
let ids: bigint[] = [];
let past: unknown = null;

async function write(count: number): Promise<readonly number[]> {
  const length = ids.length;
  const { sequences, past_key_values } = await model.generate({
    inputs: new Tensor('int64', BigInt64Array.from(ids), [1, length]),
    attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
    ...(past === null ? {} : { past_key_values: past }),
    max_new_tokens: count,
    min_new_tokens: count,
    do_sample: false,
    return_dict_in_generate: true,
  });
  ids = Array.from(sequences.data);
  past = past_key_values;
  return ids.slice(length).map(Number);
}

serve({
  async begin(prompt: readonly number[]) {
    ids = prompt.map(BigInt);
    past = null;
    return (await write(1))[0] as number;
  },
  goOn: write,
});

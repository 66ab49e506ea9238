import { serve } from '../throughput/contender.ts';

/** CLIP's picture tower through transformers.js, called directly. Argument: folder in its layout. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}
type Open<Opened> = { from_pretrained(folder: string, options?: object): Promise<Opened> };
interface TransformersJs {
  readonly env: { allowRemoteModels: boolean };
  readonly AutoProcessor: Open<(images: readonly object[]) => Promise<object>>;
  readonly CLIPVisionModelWithProjection: Open<
    (
      inputs: object,
    ) => Promise<{ image_embeds: { normalize(p: number, dim: number): { tolist(): number[][] } } }>
  >;
  readonly RawImage: new (data: Uint8Array, width: number, height: number, channels: number) => object;
}

const [folder = ''] = process.argv.slice(2);
// A name in a variable: the peers are installed by themselves, and types of what may be missing are not asked for.
const name = '@huggingface/transformers';
const { env, AutoProcessor, CLIPVisionModelWithProjection, RawImage } = (await import(
  name
)) as TransformersJs;
env.allowRemoteModels = false;
const prepare = await AutoProcessor.from_pretrained(folder);
const look = await CLIPVisionModelWithProjection.from_pretrained(folder, {
  dtype: 'fp32',
  device: 'cpu',
  session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
});

serve({
  async encode(pictures: readonly Picture[]) {
    const inputs = await prepare(
      pictures.map(({ rgb, width, height }) => new RawImage(rgb, width, height, 3)),
    );
    const { image_embeds: vectors } = await look(inputs);
    return vectors
      .normalize(2, -1)
      .tolist()
      .map((row) => Float32Array.from(row));
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeTiles } from '#models/adapters/smolvlm/smolVlmAdapter.ts';
import { PictureReader } from '#models/runtime/PictureReader.ts';
import { expandMarks, pictureTokens, tileTokens } from '#models/runtime/pictureTokens.ts';
import { largest } from '#models/runtime/sampling.ts';
import { type Floats, readExpected, readFloats, readPictures, rowsOf } from '../support/parity.ts';

interface Case {
  readonly name: string;
  readonly prompt: string;
  readonly pictures: readonly number[];
  readonly greedy: readonly number[];
  readonly logits: Floats;
}

const never = new AbortController().signal;
const folder = join(import.meta.dirname, '../fixtures/q4/smolvlm');
const stated = (
  JSON.parse(readFileSync(join(folder, 'agreement.json'), 'utf8')) as {
    readonly cases: Readonly<Record<string, { readonly agreement: number }>>;
  }
).cases;
const expected = readExpected('smolvlm') as {
  readonly imageTokenId: number;
  readonly cases: readonly Case[];
};

/** Kernels of other processors round otherwise: so many choices of a hundred may differ from what was stated. */
const tolerance = 0.1;

test.each(expected.cases)(
  '4-bit weights choose as often what PyTorch does as is stated: $name',
  async (one) => {
    await using reader = await PictureReader.open(folder, 'q4');
    const pictures = await readPictures('smolvlm');
    const shown = one.pictures.flatMap((index) => pictures[index] ?? []);
    const [seen = []] = await reader.see([shown], never);
    const parts = seen.map(({ key, count, tiles }) => {
      const written = writeTiles(tiles ?? { rows: 0, columns: 0 });
      return tileTokens(reader.tokenizer.encode(written), expected.imageTokenId, pictureTokens(key, count));
    });
    const { tokens } = expandMarks(reader.tokenizer.encode(one.prompt), expected.imageTokenId, parts);
    const right = rowsOf(readFloats('smolvlm', one.logits.file), one.logits.shape.at(-1) ?? 1).map(largest);
    const chosen = [largest(await reader.decoder.begin(tokens, never))];
    for (const id of one.greedy) chosen.push(largest(await reader.decoder.step([id])));
    const agreement = chosen.filter((id, index) => id === right[index]).length / right.length;
    const share = stated[one.name]?.agreement ?? Number.NaN;
    expect(Math.abs(agreement - share)).toBeLessThanOrEqual(tolerance);
    // By chance alone it would be one of hundreds.
    expect(agreement).toBeGreaterThan(0.2);
  },
);

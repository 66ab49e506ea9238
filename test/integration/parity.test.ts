import { beforeAll, describe, expect, test } from 'vitest';
import type { GenerateRequest, MultimodalModel, Raster } from '#models/adapters/adapter.ts';
import { writeTiles } from '#models/adapters/smolvlm/smolVlmAdapter.ts';
import { readPreprocessor } from '#models/preprocessing/preprocessor.ts';
import { PictureReader } from '#models/runtime/PictureReader.ts';
import { expandMarks, pictureTokens, tileTokens } from '#models/runtime/pictureTokens.ts';
import { largest } from '#models/runtime/sampling.ts';
import type { Sampling } from '#shared/models/sampling.ts';
import {
  cosine,
  decodePicture,
  type Floats,
  fixtureFolder,
  fixturesOf,
  loadFixture,
  readExpected,
  readFloats,
  readPictures,
  rowsOf,
  type StoredRaster,
} from '../support/parity.ts';
import { pixelRasters } from '../support/pixelRasters.ts';

interface Case {
  readonly name: string;
  readonly prompt: string;
  readonly pictures: readonly number[];
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
  readonly logits: Floats;
}
interface Expected {
  /** Paths of photographs, or pictures small enough to lie in the fixture. */
  readonly pictures?: readonly string[];
  readonly rasters?: readonly StoredRaster[];
  readonly pixelValues: Floats;
  readonly imageGridThw?: readonly (readonly number[])[];
  readonly imageFeatures: Floats;
  readonly imageEmbeds?: Floats;
  readonly imageTokenId: number;
  readonly textEmbeds?: Floats;
  readonly texts?: readonly { readonly text: string; readonly ids: readonly number[] }[];
  readonly cases: readonly Case[];
  readonly batch: { readonly rows: readonly Omit<Case, 'name' | 'logits'>[]; readonly logits: Floats };
}

const never = new AbortController().signal;
const leastCosine = 0.9999;
const mostError = 1e-3;

/** The most likely token each time, until the model ends the text. */
const greedy = (tokens: number): Sampling => ({
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  minTokens: 0,
  maxTokens: tokens,
  stop: [],
  seed: 0,
});

/** The largest difference, in parts of the largest value that was expected. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [difference, largest] = [0, 0];
  for (const [index, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs(value - (actual[index] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}

const families = ['blip2', 'llava', 'qwenvl', 'smolvlm', 'florence2'].flatMap(fixturesOf);

describe.each(families)('%s answers as PyTorch does', (name) => {
  const expected = readExpected(name) as Expected;
  const floats = ({ file }: Floats) => readFloats(name, file);
  const rows = (one: Floats) => rowsOf(floats(one), one.shape.at(-1) ?? 1);
  const precision = 'fp32';
  /** Before all words, without a mark among them. */
  const picturesFirst = name.startsWith('blip2') || name === 'florence2';
  let rasters: Raster[];
  let model: MultimodalModel;
  let reader: PictureReader;

  beforeAll(async () => {
    const preprocessor = await readPreprocessor(fixtureFolder(name));
    const { pixelValues, imageGridThw, rasters: stored } = expected;
    rasters = stored
      ? await readPictures(name)
      : pixelRasters(preprocessor, floats(pixelValues), pixelValues.shape, imageGridThw);
    model = await loadFixture(name);
    reader = await PictureReader.open(fixtureFolder(name), precision);
    return async () => {
      await model[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
    };
  });

  const request = ({ prompt, pictures, greedy: ids }: Omit<Case, 'name' | 'logits'>): GenerateRequest => ({
    images: pictures.map((index) => rasters[index] as Raster),
    prompt,
    names: [],
    keepTokens: 0,
    sampling: greedy(ids.length),
  });

  /** PyTorch was let run on past the end of a text. */
  const untilEnd = (ids: readonly number[]): readonly number[] => {
    const end = ids.findIndex((id) => reader.decoder.config.endIds.includes(id));
    return end < 0 ? ids : ids.slice(0, end);
  };

  /** A prompt's tokens, as the adapter makes them. */
  async function tokensOf({ prompt, pictures }: Omit<Case, 'name' | 'logits'>): Promise<number[]> {
    const images = pictures.map((index) => rasters[index] as Raster);
    const [seen = []] = await reader.see([images], never);
    const parts = seen.map(({ key, count, tiles }) => {
      const features = pictureTokens(key, count);
      if (!tiles) return features;
      return tileTokens(reader.tokenizer.encode(writeTiles(tiles)), expected.imageTokenId, features);
    });
    const ids = reader.tokenizer.encode(prompt);
    return picturesFirst
      ? [...parts.flat(), ...ids]
      : [...expandMarks(ids, expected.imageTokenId, parts).tokens];
  }

  async function idsOf(wanted: GenerateRequest): Promise<number[]> {
    const ids: number[] = [];
    for await (const { id } of model.generateText(wanted, never)) if (id !== undefined) ids.push(id);
    return ids;
  }

  async function featuresOf(pictures: readonly Raster[]): Promise<Float32Array> {
    const seen = await reader.see(
      pictures.map((picture) => [picture]),
      never,
    );
    return Float32Array.from(seen.flat().flatMap(({ features }) => Array.from(features)));
  }

  test('features of pictures', async () => {
    const right = floats(expected.imageFeatures);
    const exact = await featuresOf(rasters);
    expect(exact.length).toBe(right.length);
    expect(relativeError(exact, right)).toBeLessThanOrEqual(mostError);
    if (!expected.pictures) return;
    const decoded = rowsOf(
      await featuresOf(await Promise.all(expected.pictures.map(decodePicture))),
      expected.imageFeatures.shape.at(-1) ?? 1,
    );
    const cosines = rows(expected.imageFeatures).map((row, index) => cosine(row, decoded[index] ?? row));
    expect(Math.min(...cosines)).toBeGreaterThanOrEqual(leastCosine);
  });

  test('prompts become the same tokens', async () => {
    for (const one of [...expected.cases, ...expected.batch.rows]) {
      const plain = (await tokensOf(one)).map((token) => (token < 0 ? expected.imageTokenId : token));
      expect(plain).toEqual(one.ids);
    }
  });

  test('a picture takes as many tokens as are told beforehand', async () => {
    const shown = expected.cases.filter(({ pictures }) => pictures.length > 0);
    for (const { prompt, pictures, ids } of shown) {
      const marks = picturesFirst ? 0 : pictures.length;
      const told = pictures.map((index) => model.prompting?.pictureTokens(rasters[index] as Raster) ?? 0);
      const words = reader.tokenizer.encode(prompt).length - marks;
      const most = told.reduce((sum, count) => sum + count, words);
      // Where pictures that share a prompt are looked at less closely, what is told is what one alone takes.
      if (name === 'llava-onevision' && pictures.length > 1) expect(most).toBeGreaterThan(ids.length);
      else expect(most).toBe(ids.length);
    }
  });

  test('one vector for a picture', async () => {
    if (!expected.imageEmbeds) return;
    const right = rows(expected.imageEmbeds);
    for (const [index, vector] of (await model.encodeImage(rasters, never)).entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect(cosine(vector, right[index] ?? vector)).toBeGreaterThanOrEqual(leastCosine);
    }
  });

  const { textEmbeds } = expected;
  if (textEmbeds) {
    test('one vector for a text', async () => {
      const { texts = [] } = expected;
      for (const { text, ids } of texts) expect(reader.tokenizer.encode(text)).toEqual(ids);
      const vectors = await model.encodeText(
        texts.map(({ text }) => text),
        never,
      );
      for (const [index, row] of rows(textEmbeds).entries()) {
        const vector = vectors[index] ?? new Float32Array();
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        expect(cosine(vector, row)).toBeGreaterThanOrEqual(leastCosine);
      }
    });
  }

  test.each(expected.cases)('$name: logits on the way', async (one) => {
    const [first, ...others] = rows(one.logits);
    let actual = await reader.decoder.begin(await tokensOf(one), never);
    const worst = [relativeError(actual, first ?? new Float32Array())];
    const chosen: number[] = [];
    for (const [index, right] of others.entries()) {
      chosen.push(largest(actual));
      actual = await reader.decoder.step([one.greedy[index] ?? 0]);
      worst.push(relativeError(actual, right));
    }
    expect(chosen).toEqual(one.greedy);
    expect(Math.max(...worst)).toBeLessThanOrEqual(mostError);
  });

  test.each(expected.cases)('$name: 64 tokens, and the same again after others', async (one) => {
    expect(await idsOf(request(one))).toEqual(untilEnd(one.greedy));
    for (const other of expected.cases) await idsOf({ ...request(other), sampling: greedy(4) });
    expect(await idsOf(request(one))).toEqual(untilEnd(one.greedy));
  });

  test('four at once', async () => {
    const texts = await model.generateBatch(expected.batch.rows.map(request), never);
    expect(texts.map(({ ids }) => ids)).toEqual(expected.batch.rows.map((row) => untilEnd(row.greedy)));
  });
});

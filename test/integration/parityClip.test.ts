import { describe, expect, test } from 'vitest';
import { truncate } from '#models/adapters/clip/textInputs.ts';
import { readPreprocessor } from '#models/preprocessing/preprocessor.ts';
import { squarePixels } from '#models/preprocessing/squarePixels.ts';
import { TextTokenizer } from '#models/runtime/TextTokenizer.ts';
import {
  cosine,
  decodePicture,
  type Floats,
  fixtureFolder,
  fixturesOf,
  loadFixture,
  readExpected,
  readFloats,
  rowsOf,
} from '../support/parity.ts';

interface Expected {
  readonly pictures: readonly string[];
  readonly pixelValues: Floats;
  readonly imageEmbeds: Floats;
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
  readonly textEmbeds: Floats;
  readonly similarity: Floats;
}
const never = new AbortController().signal;
const least = 0.9999;

describe.each(fixturesOf('clip'))('%s answers as PyTorch does', (name) => {
  const expected = readExpected(name) as Expected;
  const floats = ({ file }: Floats) => readFloats(name, file);
  const rows = (one: Floats) => rowsOf(floats(one), one.shape.at(-1) ?? 1);
  const texts = expected.texts.map(({ text }) => text);

  test('pixels within 2/255', async () => {
    const preprocessor = await readPreprocessor(fixtureFolder(name));
    if (preprocessor.kind !== 'square') throw new Error('not a CLIP preprocessor');
    const made = squarePixels(preprocessor, await Promise.all(expected.pictures.map(decodePicture)));
    expect(made.shape).toEqual(expected.pixelValues.shape);
    const step = 1 / 255 / Math.min(...preprocessor.normalisation.deviation);
    const wanted = floats(expected.pixelValues);
    const worst = made.data.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (wanted[at] ?? 9))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(2 * step);
  });

  test('token ids are the same', async () => {
    const tokenizer = await TextTokenizer.open(fixtureFolder(name));
    const most = Math.max(...expected.texts.map(({ ids }) => ids.length));
    for (const { text, ids } of expected.texts) expect(truncate(tokenizer.encode(text), most)).toEqual(ids);
  });

  test.each([1, 4])('embeddings of pictures and texts, %i at a time', async (batch) => {
    await using model = await loadFixture(name);
    const images = await Promise.all(expected.pictures.map(decodePicture));
    const [imageRows, textRows] = [rows(expected.imageEmbeds), rows(expected.textEmbeds)];
    for (let start = 0; start < images.length; start += batch) {
      const pictures = await model.encodeImage(images.slice(start, start + batch), never);
      for (const [index, vector] of pictures.entries())
        expect(cosine(vector, imageRows[start + index] ?? vector)).toBeGreaterThanOrEqual(least);
      const words = await model.encodeText(texts.slice(start, start + batch), never);
      for (const [index, vector] of words.entries())
        expect(cosine(vector, textRows[start + index] ?? vector)).toBeGreaterThanOrEqual(least);
    }
  });

  test('cosines of texts with pictures', async () => {
    await using model = await loadFixture(name);
    const images = await Promise.all(expected.pictures.map(decodePicture));
    const actual = await model.similarity({ left: { texts }, right: { images } }, never);
    for (const [index, row] of rows(expected.similarity).entries())
      for (const [column, value] of row.entries()) expect(actual[index]?.[column]).toBeCloseTo(value, 3);
  });

  test('writing is refused, and capabilities say so beforehand', async () => {
    await using model = await loadFixture(name);
    expect(model.capabilities).toMatchObject({ image_encoding: true, text_generation: false });
    await expect(model.answerQuestion([], [], never)).rejects.toMatchObject({
      code: 'model/unsupported-call',
    });
  });

  test('an encoder takes memory once it is needed, and gives it back', async () => {
    const model = await loadFixture(name);
    const held = [model.residentBytes];
    await model.encodeText(texts.slice(0, 1), never);
    held.push(model.residentBytes);
    await model.encodeImage([await decodePicture(expected.pictures[0] ?? '')], never);
    held.push(model.residentBytes);
    await model[Symbol.asyncDispose]();
    const [closed, text, both] = held as [number, number, number];
    expect([closed, text > 0, both > text, model.residentBytes]).toEqual([0, true, true, 0]);
  });

  test('a cancel is heard between batches', async () => {
    await using model = await loadFixture(name);
    const abort = new AbortController();
    const many = Array.from({ length: 200 }, (_, index) => `text number ${String(index)}`);
    const encoding = model.encodeText(many, abort.signal);
    abort.abort(new Error('enough'));
    await expect(encoding).rejects.toThrow('enough');
  });
});

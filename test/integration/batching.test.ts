import { describe, expect, test } from 'vitest';
import type { GenerateRequest, MultimodalModel, Raster } from '#models/adapters/adapter.ts';
import { BatchedModel } from '#models/jobs/BatchedModel.ts';
import { BatchSizes } from '#models/jobs/BatchSizes.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { cosine, loadFixture, readPictures } from '../support/parity.ts';

const never = new AbortController().signal;

/** Sizes that say that many items together take as long as one. */
function eager(): BatchSizes {
  const sizes = new BatchSizes();
  for (let items = 1; items <= 16; items *= 2) for (let run = 0; run < 3; run++) sizes.note(items, items, 50);
  return sizes;
}

/** A fixture behind the batcher, and how many items each run had. */
async function openShared(name: string) {
  const model = await loadFixture(name);
  const runs: Record<string, number[]> = {};
  const noting = new Proxy(model, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (typeof value !== 'function') return value;
      return (...input: unknown[]) => {
        const [items] = input;
        if (Array.isArray(items)) runs[String(member)] = [...(runs[String(member)] ?? []), items.length];
        return Reflect.apply(value, target, input) as unknown;
      };
    },
  });
  const shared: MultimodalModel = new BatchedModel(noting, () => eager());
  return { shared, alone: model, runs };
}

describe('calls that share runs on a real model', () => {
  test('vectors of pictures and texts are those of calls alone', async () => {
    const { shared, alone, runs } = await openShared('clip');
    await using _ = shared;
    const pictures = await readPictures('clip');
    const texts = Array.from({ length: 9 }, (_, index) => 'a silver wolf '.repeat(index + 1));
    const [seen, read] = await Promise.all([
      Promise.all(pictures.map((picture) => shared.encodeImage([picture], never))),
      Promise.all(texts.map((text) => shared.encodeText([text], never))),
    ]);
    for (const [index, picture] of pictures.entries()) {
      const [wanted] = await alone.encodeImage([picture], never);
      expect(cosine(seen[index]?.[0] as Float32Array, wanted as Float32Array)).toBeGreaterThan(0.99999);
    }
    await using fresh = await loadFixture('clip');
    for (const [index, text] of texts.entries()) {
      const [wanted] = await fresh.encodeText([text], never);
      expect(cosine(read[index]?.[0] as Float32Array, wanted as Float32Array)).toBeGreaterThan(0.99999);
    }
    expect(runs['encodeImage']).toEqual([pictures.length]);
    expect(Math.max(...(runs['encodeText'] ?? []))).toBeGreaterThan(4);
  });

  test('texts written side by side are those written alone; a bad request and a cancel stay their own', async () => {
    const { shared, alone, runs } = await openShared('llava');
    await using _ = shared;
    const pictures = await readPictures('llava');
    const request = (text: string, picture: Raster | undefined): GenerateRequest => ({
      images: picture ? [picture] : [],
      prompt: alone.prompting?.converse([{ role: 'user', text, pictures: 1 }]) ?? '',
      names: [],
      keepTokens: 0,
      sampling: {
        temperature: 0,
        topK: 0,
        topP: 1,
        repetitionPenalty: 1,
        minTokens: 12,
        maxTokens: 12,
        stop: [],
        seed: 0,
      },
    });
    const good = ['What is it?', 'Who is there?', 'Describe it.'].map((text, index) =>
      request(text, pictures[index % pictures.length]),
    );
    const bad = request('No picture was given.', undefined);
    const abort = new AbortController();
    const [first, second, third, failed, left] = await Promise.allSettled([
      ...good.map((one) => shared.generateBatch([one], never)),
      shared.generateBatch([bad], never),
      shared.generateBatch([request('Never mind.', pictures[0])], abort.signal),
      Promise.resolve().then(() => abort.abort(new AppError('task/cancelled', 'Enough'))),
    ]);
    for (const [index, result] of [first, second, third].entries()) {
      const [wanted] = await alone.generateBatch([good[index] as GenerateRequest], never);
      expect(result).toMatchObject({
        status: 'fulfilled',
        value: [{ text: wanted?.text, ids: wanted?.ids }],
      });
    }
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'input/invalid' } });
    expect(left).toMatchObject({ status: 'rejected', reason: { code: 'task/cancelled', message: 'Enough' } });
    expect(Math.max(...(runs['generateBatch'] ?? []))).toBeGreaterThan(2);
  });
});

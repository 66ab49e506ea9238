import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { GenerateRequest, MultimodalModel, Raster, Turn } from '#models/adapters/adapter.ts';
import { PictureReader } from '#models/runtime/PictureReader.ts';
import { pictureTokens } from '#models/runtime/pictureTokens.ts';
import type { Sampling } from '#shared/models/sampling.ts';
import { fixtureFolder, fixturesOf, loadFixture, readPictures } from '../support/parity.ts';

const never = new AbortController().signal;
const families = ['blip2', 'llava', 'qwenvl', 'smolvlm', 'florence2'].flatMap(fixturesOf);

const sampling = (change: Partial<Sampling> = {}): Sampling => ({
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  minTokens: 12,
  maxTokens: 12,
  stop: [],
  seed: 0,
  ...change,
});

/** Longer than one prompt chunk in every fixture. */
const long = 'the oldest tree of the forest speaks slowly, and its walls are blue, violet and green. '.repeat(
  3,
);

describe.each(families)('writing about pictures with %s', (name) => {
  /** Before all words, without a mark among them. */
  const picturesFirst = name.startsWith('blip2') || name === 'florence2';
  const readsAtOnce = name === 'blip2-t5' || name === 'florence2';
  const tiled = name === 'smolvlm' || name === 'llava-onevision';
  let model: MultimodalModel;
  let pictures: Raster[];

  beforeAll(async () => {
    pictures = await readPictures(name);
    model = await loadFixture(name);
    return () => model[Symbol.asyncDispose]();
  });

  const picture = (index: number): Raster => pictures[index] as Raster;
  const ask = (text: string, ...indices: number[]): GenerateRequest => ({
    images: indices.map(picture),
    prompt: model.prompting?.converse([{ role: 'user', text, pictures: indices.length }]) ?? '',
    names: [],
    keepTokens: 0,
    sampling: sampling(),
  });

  async function write(from: MultimodalModel, request: GenerateRequest, signal = never) {
    const pieces = from.generateText(request, signal);
    const [ids, parts]: [number[], string[]] = [[], []];
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) {
      parts.push(next.value.text);
      if (next.value.id !== undefined) ids.push(next.value.id);
    }
    return { ids, text: parts.join(''), finish: next.value };
  }

  test('a conversation that goes on gives what a fresh model gives for the whole of it', async () => {
    const first: Turn = { role: 'user', text: long, pictures: 1 };
    const conversation = [first, { role: 'assistant', text: 'A cave.', pictures: 0 }] as const;
    const second = { role: 'user', text: 'Which of them is a face?', pictures: 1 } as const;
    const converse = (turns: readonly Turn[]) => model.prompting?.converse(turns) ?? '';
    await write(model, { ...ask('', 0), prompt: converse([first]) });
    const next = { ...ask('', 0, 1), prompt: converse([...conversation, second]) };
    await using fresh = await loadFixture(name);
    const whole = await write(fresh, next);
    expect(await write(model, next)).toEqual(whole);
    const others = await write(model, { ...next, images: [picture(2), picture(1)] });
    expect(others.ids).not.toEqual(whole.ids);
  });

  test('a cancel ends the text within one token, with what there is', async () => {
    const abort = new AbortController();
    const pieces = model.generateText(
      { ...ask('Sing.', 0), sampling: sampling({ maxTokens: 100 }) },
      abort.signal,
    );
    await pieces.next();
    abort.abort();
    expect(await pieces.next()).toEqual({ done: true, value: 'cancelled' });
    const before = new AbortController();
    before.abort();
    await expect(model.generateBatch([ask('What?', 0)], before.signal)).rejects.toThrow('aborted');
  });

  if (tiled) {
    test('a cancel is heard between two tiles of a picture', async () => {
      await using reader = await PictureReader.open(fixtureFolder(name), 'fp32');
      const abort = new AbortController();
      const looking = reader.see([[picture(0)]], abort.signal);
      abort.abort();
      await expect(looking).rejects.toThrow('aborted');
      expect(await reader.see([[picture(0)]], never)).toMatchObject([[{ embedding: null }]]);
    });
  }

  test('texts side by side are what each would be alone, whenever the others end', async () => {
    const alone = await write(model, ask('What is in the picture?', 0));
    const stop = alone.text.trim().slice(2, 4);
    const requests = [
      { ...ask('What is in the picture?', 0), sampling: sampling({ stop: [stop] }) },
      { ...ask(long, 1), sampling: sampling({ minTokens: 1, maxTokens: 1 }) },
      { ...ask('Sing.', 2, 3), sampling: sampling({ temperature: 1, topP: 0.9, seed: 7 }) },
      { ...ask('Sing.'), sampling: sampling({ repetitionPenalty: 1.5, maxTokens: 20, minTokens: 20 }) },
    ];
    const single = [];
    for (const request of requests) single.push(await write(model, request));
    const together = await model.generateBatch(requests, never);
    expect(together.map(({ ids, text, finish }) => ({ ids, text, finish }))).toEqual(single);
    expect(await write(model, ask('What is in the picture?', 0))).toEqual(alone);
  });

  test('a question for each picture; the wrong number of either is told', async () => {
    const questions = ['A tree?', 'Who walks between the trees?'];
    if (!model.capabilities.question_answering) {
      await expect(model.answerQuestion([picture(0)], ['Who?'], never)).rejects.toMatchObject({
        code: 'model/unsupported-call',
      });
      return;
    }
    const answers = await model.answerQuestion([picture(0), picture(1)], questions, never);
    expect(answers).toHaveLength(2);
    await expect(model.answerQuestion([picture(0)], questions, never)).rejects.toMatchObject({
      code: 'input/invalid',
    });
  });

  test("a writer's text cannot smuggle in a picture", async () => {
    const { prompting } = model;
    const mark = name.startsWith('qwen') ? '<|image_pad|>' : '<image>';
    const turn = (text: string, shown: number): Turn => ({ role: 'user', text, pictures: shown });
    const plain = prompting?.converse([turn(`see ${mark} here`, 0)]) ?? '';
    expect(plain).not.toContain(mark);
    expect((await write(model, { ...ask(''), prompt: plain })).ids).toHaveLength(12);
    if (picturesFirst) return;
    const unlike = { ...ask('Look.', 0), images: [picture(0), picture(1)] };
    await expect(write(model, unlike)).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(write(model, { ...unlike, images: [] })).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('writes on past the end of its context', async () => {
    const { contextTokens = 0 } = model.prompting ?? {};
    const { finish, ids } = await write(model, {
      ...ask('Sing.', 0),
      sampling: sampling({ minTokens: contextTokens + 40, maxTokens: contextTokens + 40 }),
    });
    expect([finish, ids.length]).toEqual(['length', contextTokens + 40]);
    await expect(write(model, ask(long.repeat(20), 0))).rejects.toMatchObject({ code: 'input/invalid' });
  });

  test('a prompt in chunks gives what it gives in one step, and is not computed twice', async () => {
    await using reader = await PictureReader.open(fixtureFolder(name), 'fp32');
    const [[seen] = []] = await reader.see([[picture(0)]], never);
    const shown = pictureTokens(seen?.key ?? 0, seen?.count ?? 0);
    const words = reader.tokenizer.encode(long);
    const tokens = [...words.slice(0, 62), ...shown, ...words.slice(62)];
    const { decoder } = reader;
    // Where an encoder reads the prompt, it reads it in one step.
    if (readsAtOnce) return;
    const once = await decoder.step(tokens);
    const chunked = await decoder.prefill(tokens, never);
    const largest = once.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = once.reduce((most, value, at) => Math.max(most, Math.abs(value - (chunked[at] ?? 9))), 0);
    expect(apart / largest).toBeLessThan(1e-5);

    const step = vi.spyOn(decoder, 'step');
    expect(await decoder.prefill([...tokens, 5], never)).toHaveLength(once.length);
    const computed = step.mock.calls.reduce((sum, [added]) => sum + added.length, 0);
    expect(computed).toBeLessThanOrEqual(64 + ((tokens.length + 1) % 64));
    step.mockClear();
    decoder.setRows(2);
    expect(await decoder.prefill(tokens, never, 1)).toEqual(chunked);
    expect(step.mock.calls.flatMap(([added]) => added)).toHaveLength(tokens.length % 64);
    decoder.setRows(1);
    const abort = new AbortController();
    step.mockImplementationOnce(async () => {
      abort.abort();
      return once;
    });
    await expect(decoder.prefill(words.toReversed(), abort.signal)).rejects.toThrow('aborted');
  });
});

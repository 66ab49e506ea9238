import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answerer, type Asked, cacheKey, isDeterministic, pixelsHash } from '#models/cache/cacheKey.ts';
import { canonicalJson, type Json } from '#models/cache/canonicalJson.ts';

interface Call {
  readonly answerer: Answerer;
  readonly asked: Asked;
}

/** What a model would make of a call: it depends on everything that counts, by another way than the key does. */
const answerTo = ({ answerer, asked }: Call): string =>
  JSON.stringify([
    answerer.modelId,
    answerer.revision,
    answerer.precision,
    answerer.device,
    asked.task,
    sorted(asked.request),
    asked.pixels,
  ]);

function sorted(value: Json): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b));
  return { object: entries.map(([key, item]) => [key, sorted(item ?? null)]) };
}

/** Few values each, so that calls come back; texts that tempt a key made by joining. */
const text = fc.constantFrom('', 'a', 'b', 'ab', 'a\nb', 'a","b', '灯', '灯塔', 'A');
const pictures = ['one', 'two'].map((rgb) =>
  pixelsHash({ width: 1, height: 1, rgb: new TextEncoder().encode(rgb) }),
);
const edits = fc.oneof(
  fc.record({ at: fc.constant('modelId'), to: fc.constantFrom('m', 'm2') }),
  fc.record({ at: fc.constant('revision'), to: fc.constantFrom('r', 'r2', 'm') }),
  fc.record({ at: fc.constant('precision'), to: fc.constantFrom('q4', 'q8', 'fp16') }),
  fc.record({ at: fc.constant('device'), to: fc.constantFrom('cpu', 'cuda') }),
  fc.record({ at: fc.constant('task'), to: fc.constantFrom('write', 'answer') }),
  fc.record({ at: fc.constantFrom('prompt', 'instruction', 'textBefore'), to: text }),
  fc.record({
    at: fc.constantFrom('temperature', 'topP', 'seed', 'maxTokens'),
    to: fc.constantFrom(0, 1, 10, 0.5),
  }),
  fc.record({ at: fc.constant('stop'), to: fc.subarray(['a', 'b', 'a,b']) }),
  fc.record({ at: fc.constant('pixels'), to: fc.subarray(pictures) }),
);
type Edit = { readonly at: string; readonly to: Json };

const sampling = new Set(['temperature', 'topP', 'seed', 'maxTokens', 'stop']);

function edited({ answerer, asked }: Call, { at, to }: Edit): Call {
  if (at in answerer) return { answerer: { ...answerer, [at]: to }, asked };
  if (at === 'task') return { answerer, asked: { ...asked, task: String(to) } };
  if (at === 'pixels') return { answerer, asked: { ...asked, pixels: to as string[] } };
  const request = asked.request as { sampling: Record<string, Json> };
  const changed = sampling.has(at)
    ? { ...request, sampling: { ...request.sampling, [at]: to } }
    : { ...request, [at]: to };
  return { answerer, asked: { ...asked, request: changed } };
}

const first: Call = {
  answerer: { modelId: 'm', revision: 'r', precision: 'q4', device: 'cpu' },
  asked: { task: 'write', request: { prompt: 'a', sampling: { seed: 1 } }, pixels: [] },
};

test('over 10,000 random edits no answer is stale, and what comes back is found', () => {
  let [stale, hits, done] = [0, 0, 0];
  fc.assert(
    fc.property(fc.array(edits, { minLength: 100, maxLength: 100 }), (list) => {
      const remembered = new Map<string, string>();
      let call = first;
      for (const edit of list) {
        call = edited(call, edit);
        const key = cacheKey(call.answerer, call.asked);
        const known = remembered.get(key);
        if (known !== undefined && known !== answerTo(call)) stale += 1;
        if (known === answerTo(call)) hits += 1;
        remembered.set(key, answerTo(call));
        done += 1;
      }
    }),
    { numRuns: 100, seed: 7 },
  );
  expect({ stale, done }).toEqual({ stale: 0, done: 10_000 });
  expect(hits).toBeGreaterThan(100);
});

test('nothing but what counts is in a key: the order of fields and fields left out are not', () => {
  const asked = (request: Json): string => cacheKey(first.answerer, { task: 'write', request, pixels: [] });
  expect(asked({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(asked({ b: { d: [1, 2], c: 2 }, a: 1, e: undefined }));
  expect(asked({ a: [1, 2] })).not.toBe(asked({ a: [2, 1] }));
  expect(asked({ a: null })).not.toBe(asked({}));
});

test('equal values have equal canonical texts, others have others', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(JSON.parse(canonicalJson(a as Json))).toEqual(JSON.parse(JSON.stringify(a)));
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(canonicalJson(a as Json) === canonicalJson(b as Json)).toBe(same);
    }),
  );
  expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError);
});

test('a picture is known by its pixels and their arrangement', () => {
  const rgb = new Uint8Array(18).map((_, index) => index);
  const tall = pixelsHash({ width: 1, height: 6, rgb });
  expect(pixelsHash({ width: 6, height: 1, rgb })).not.toBe(tall);
  expect(pixelsHash({ width: 1, height: 6, rgb: rgb.with(3, 99) })).not.toBe(tall);
  expect(pixelsHash({ width: 1, height: 6, rgb: rgb.slice() })).toBe(tall);
});

test('only greedy requests and those with their own seed come out the same', () => {
  expect(isDeterministic({ temperature: 0 })).toBe(true);
  expect(isDeterministic({ temperature: 0.8, seed: 0 })).toBe(true);
  expect(isDeterministic({ temperature: 0.8 })).toBe(false);
  expect(isDeterministic({})).toBe(false);
});

import { Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { KvCache } from '#models/runtime/KvCache.ts';
import { chunkFor } from '#models/runtime/pace.ts';

const shape = { layers: 2, kvHeads: 2, headSize: 3, contextTokens: 1000 };

/** What a step gives for `tokens` tokens of `places` texts: every number tells its layer, text, token, head and column. */
function outputsOf(places: number, tokens: number): Record<string, Tensor> {
  const values = (layer: number, sign: number): Tensor => {
    const data = Float32Array.from({ length: places * tokens * 6 }, (_, at) => {
      const [column, head, token] = [at % 3, Math.floor(at / 3) % 2, Math.floor(at / 6) % tokens];
      const place = Math.floor(at / (6 * tokens));
      return sign * (layer * 1e5 + place * 1e4 + token * 100 + head * 10 + column);
    });
    return new Tensor('float32', data, [places, tokens, 6]);
  };
  return {
    'new.0.key': values(0, 1),
    'new.0.value': values(0, -1),
    'new.1.key': values(1, 1),
    'new.1.value': values(1, -1),
  };
}

/** The numbers of one head of a slot, a row per token. */
function rowsOf(cache: KvCache, name: string, slot: number, head: number, tokens: number): number[][] {
  const { [name]: tensor } = cache.feeds(slot, 1);
  const data = tensor?.data as Float32Array;
  return Array.from({ length: tokens }, (_, token) => {
    const at = (head * cache.capacity + token) * 3;
    return Array.from(data.subarray(at, at + 3), (value) => value + 0);
  });
}

test('rows of heads side by side come to lie head by head', () => {
  const cache = new KvCache(shape);
  cache.append(outputsOf(1, 2), { slot: 0, place: 0, tokens: 2, position: 0 });
  cache.append(outputsOf(1, 1), { slot: 0, place: 0, tokens: 1, position: 2 });
  expect(cache.feeds(0, 1)['past.0.key']?.dims).toEqual([1, 2, 128, 3]);
  expect(rowsOf(cache, 'past.0.key', 0, 1, 3)).toEqual([
    [10, 11, 12],
    [110, 111, 112],
    [10, 11, 12],
  ]);
  expect(rowsOf(cache, 'past.1.value', 0, 0, 1)).toEqual([[-100_000, -100_001, -100_002]]);
});

test('grows in steps up to the context, and keeps what it holds', () => {
  const cache = new KvCache(shape);
  cache.setSlots(2);
  cache.append(outputsOf(2, 1), { slot: 1, place: 1, tokens: 1, position: 127 });
  const capacities = [128, 129, 513, 1000, 64].map((tokens) => {
    cache.reserve(tokens);
    return cache.capacity;
  });
  expect(capacities).toEqual([128, 256, 640, 1000, 1000]);
  expect(rowsOf(cache, 'past.0.key', 1, 1, 128).at(-1)).toEqual([10_010, 10_011, 10_012]);
});

test('gives up room that is more than twice what will be held', () => {
  const cache = new KvCache(shape);
  cache.append(outputsOf(1, 1), { slot: 0, place: 0, tokens: 1, position: 127 });
  cache.reserve(600);
  const capacities = [320, 257, 256, 128].map((tokens) => {
    cache.shrink(tokens);
    return cache.capacity;
  });
  expect(capacities).toEqual([640, 640, 256, 256]);
  expect(rowsOf(cache, 'past.0.key', 0, 1, 128).at(-1)).toEqual([10, 11, 12]);
});

test('texts have slots of their own, which may be copied and given up', () => {
  const cache = new KvCache(shape);
  cache.setSlots(3);
  for (const place of [0, 1, 2]) {
    cache.append(outputsOf(3, 1), { slot: place, place, tokens: 1, position: 0 });
  }
  expect(cache.feeds(1, 2)['past.1.key']?.dims).toEqual([2, 2, 128, 3]);
  cache.copy(2, 0);
  cache.setSlots(2);
  expect(cache.slots).toBe(2);
  expect(rowsOf(cache, 'past.0.key', 0, 0, 1)).toEqual([[20_000, 20_001, 20_002]]);
  expect(rowsOf(cache, 'past.0.key', 1, 0, 1)).toEqual([[10_000, 10_001, 10_002]]);
});

test('half-precision numbers pass as their bits', () => {
  const cache = new KvCache({ ...shape, layers: 1 }, 'float16');
  const bits = Uint16Array.from({ length: 6 }, (_, index) => 0x3c00 + index);
  const tensor = new Tensor('float16', bits, [1, 1, 6]);
  cache.append({ 'new.0.key': tensor, 'new.0.value': tensor }, { slot: 0, place: 0, tokens: 1, position: 1 });
  const { 'past.0.key': past } = cache.feeds(0, 1);
  if (!(past?.data instanceof Uint16Array)) throw new Error('not bits');
  expect(past.type).toBe('float16');
  expect(Array.from(past.data.subarray(3, 6))).toEqual([0x3c00, 0x3c01, 0x3c02]);
  expect(() => {
    cache.append(outputsOf(1, 1), { slot: 0, place: 0, tokens: 1, position: 0 });
  }).toThrow('no float16 output');
});

test('a step takes as many tokens as fit into a second, at most 64', () => {
  expect([1, 100, 250, 1000, 3000, 60_000].map(chunkFor)).toEqual([64, 64, 32, 8, 2, 1]);
});

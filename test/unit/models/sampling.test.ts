import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidates, createRandom, draw, largest, penalizeRepetition } from '#models/runtime/sampling.ts';

const logitsOf = fc
  .array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 300 })
  .map((values) => Float32Array.from(values));

/** What the filters mean, written down plainly: sort everything, then cut. */
function plainCandidates(logits: Float32Array, temperature: number, topK: number, topP: number): number[] {
  const sorted = Array.from(logits, (logit, id) => ({ id, logit })).sort(
    (a, b) => b.logit - a.logit || a.id - b.id,
  );
  const peak = sorted[0]?.logit ?? 0;
  const kept = topK > 0 ? sorted.slice(0, topK) : sorted;
  const weights = kept.map(({ logit }) => Math.exp((logit - peak) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const ids: number[] = [];
  for (const [index, { id }] of kept.entries()) {
    ids.push(id);
    reached += (weights[index] ?? 0) / total;
    if (topP < 1 && reached >= topP - 1e-12) break;
  }
  return ids;
}

test('temperature 0 takes the most likely token', () => {
  fc.assert(
    fc.property(logitsOf, fc.nat(5), (logits, topK) => {
      expect(candidates(logits, { temperature: 0, topK, topP: 0.5 })).toEqual([
        { id: largest(logits), probability: 1 },
      ]);
    }),
  );
});

test('top-k keeps exactly the k most likely tokens', () => {
  fc.assert(
    fc.property(logitsOf, fc.integer({ min: 1, max: 60 }), (logits, topK) => {
      const ids = candidates(logits, { temperature: 1, topK, topP: 1 }).map(({ id }) => id);
      expect(ids.toSorted((a, b) => a - b)).toEqual(
        plainCandidates(logits, 1, topK, 1).toSorted((a, b) => a - b),
      );
    }),
  );
});

test('top-p keeps the smallest set of most likely tokens that reaches p', () => {
  fc.assert(
    fc.property(
      logitsOf,
      fc.double({ min: 0.01, max: 0.999, noNaN: true }),
      fc.double({ min: 0.2, max: 2, noNaN: true }),
      fc.integer({ min: 0, max: 40 }),
      (logits, topP, temperature, topK) => {
        const kept = candidates(logits, { temperature, topK, topP });
        const all = candidates(logits, { temperature, topK, topP: 1 });
        const mass = (count: number) =>
          all.slice(0, count).reduce((sum, { probability }) => sum + probability, 0);
        expect(kept.map(({ id }) => id)).toEqual(all.slice(0, kept.length).map(({ id }) => id));
        expect(mass(kept.length)).toBeGreaterThanOrEqual(topP - 1e-9);
        expect(mass(kept.length - 1)).toBeLessThan(topP + 1e-9);
      },
    ),
  );
});

test('the probabilities of what is left sum to 1 and fall', () => {
  fc.assert(
    fc.property(logitsOf, fc.double({ min: 0.1, max: 1, noNaN: true }), (logits, topP) => {
      const kept = candidates(logits, { temperature: 0.8, topK: 0, topP });
      expect(kept.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
      expect(
        kept.every((item, index) => index === 0 || item.probability <= (kept[index - 1]?.probability ?? 0)),
      ).toBe(true);
    }),
  );
});

test('draws each token as often as it is likely', () => {
  const logits = Float32Array.from([0, 1, 2, 3].map((weight) => Math.log(weight + 1)));
  const choices = candidates(logits, { temperature: 1, topK: 0, topP: 1 });
  const random = createRandom(42);
  const drawn = [0, 0, 0, 0];
  for (let count = 0; count < 20_000; count++) {
    const id = draw(choices, random());
    drawn[id] = (drawn[id] ?? 0) + 1;
  }
  for (const [id, count] of drawn.entries()) expect(count / 20_000).toBeCloseTo((id + 1) / 10, 1);
});

test('a higher temperature flattens the choice, a lower one sharpens it', () => {
  const logits = Float32Array.of(1, 2, 3);
  const best = (temperature: number) =>
    candidates(logits, { temperature, topK: 0, topP: 1 })[0]?.probability ?? 0;
  expect(best(0.5)).toBeGreaterThan(best(1));
  expect(best(2)).toBeLessThan(best(1));
});

test('the same seed gives the same numbers, another seed others, all in [0, 1)', () => {
  const numbers = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 50 }, random);
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
  expect(numbers(2 ** 40)).not.toEqual(numbers(2 ** 41));
  expect(numbers(7).every((number) => number >= 0 && number < 1)).toBe(true);
});

test('the repetition penalty divides positive logits and multiplies negative ones, once for each token', () => {
  const logits = Float32Array.of(2, -2, 4, -4);
  penalizeRepetition(logits, [0, 0, 1, 99], 2);
  expect([...logits]).toEqual([1, -4, 4, -4]);
  penalizeRepetition(logits, [2, 3], 1);
  expect([...logits]).toEqual([1, -4, 4, -4]);
});

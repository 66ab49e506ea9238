import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Attempt, planSmaller } from '#models/manager/planSmaller.ts';
import type { ModelVariant, Precision } from '#shared/models/manifest.ts';

const variant = (precision: Precision, memoryBytes: number): ModelVariant => ({
  precision,
  files: [],
  diskBytes: memoryBytes,
  memoryBytes,
  cacheBytes: 0,
  workingBytes: 0,
  largestTensorBytes: null,
  estimated: false,
});
const installed = [variant('fp32', 8), variant('fp16', 8), variant('q8', 3), variant('q4', 2)];

test('halves the batch, then leaves the graphics card, then takes a smaller variant, then asks', () => {
  const rungs: string[] = [];
  let attempt: Attempt = { batch: 5, device: 'webgpu', precision: 'fp16' };
  for (;;) {
    const next = planSmaller(attempt, installed);
    if (next.kind === 'ask') break;
    attempt = next.attempt;
    rungs.push(`${next.kind}: ${String(attempt.batch)} ${attempt.device} ${attempt.precision}`);
  }
  expect(rungs).toEqual([
    'smaller-batch: 2 webgpu fp16',
    'smaller-batch: 1 webgpu fp16',
    'cpu: 1 cpu fp16',
    'smaller-variant: 1 cpu q8',
    'smaller-variant: 1 cpu q4',
  ]);
});

test('always ends, whatever is installed', () => {
  const precision = fc.constantFrom<Precision>('fp32', 'fp16', 'q8', 'q4', 'q4f16');
  const variants = fc.uniqueArray(fc.tuple(precision, fc.nat(5)), { selector: ([name]) => name });
  fc.assert(
    fc.property(variants, fc.integer({ min: 1, max: 1000 }), precision, (sizes, batch, first) => {
      const there = sizes.map(([name, bytes]) => variant(name, bytes + 1));
      let attempt: Attempt = { batch, device: 'cuda', precision: first };
      for (let rung = 0; rung < 30; rung++) {
        const next = planSmaller(attempt, there);
        if (next.kind === 'ask') return true;
        attempt = next.attempt;
      }
      return false;
    }),
  );
});

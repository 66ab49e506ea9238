import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type MemoryFacts,
  type MemoryTrouble,
  planMemory,
} from '#electron/services/supervisor/planMemory.ts';

const policy = { bareBytes: 100, overShare: 1.1, patienceMs: 2000, reserveBytes: 50 };
const usual: MemoryFacts = {
  atMs: 0,
  usedBytes: 0,
  freeBytes: 10_000,
  budgetBytes: 1000,
  heldBytes: 0,
  loadingBytes: 0,
};

/** What is done at every half second while the facts stay the same. */
function steps(facts: Partial<MemoryFacts>, count: number): string[] {
  let trouble: MemoryTrouble | null = null;
  return Array.from({ length: count }, (_, look) => {
    const step = planMemory({ ...usual, ...facts, atMs: look * 500 }, trouble, policy);
    trouble = 'trouble' in step ? step.trouble : null;
    return step.kind === 'end' ? `end: ${step.cause}` : step.kind;
  });
}

test('above the budget, a tenth and the bare process: watched for 2 s, asked, ended after 2 s more', () => {
  expect(steps({ usedBytes: 1200 }, 3)).toEqual(['fine', 'fine', 'fine']);
  expect(steps({ usedBytes: 1201 }, 9)).toEqual([
    ...Array(4).fill('watch'),
    'release',
    ...Array(3).fill('watch'),
    'end: budget',
  ]);
});

test('a machine that runs out is not watched first', () => {
  expect(steps({ usedBytes: 900, freeBytes: 49 }, 5)).toEqual([
    'release',
    'watch',
    'watch',
    'watch',
    'end: machine',
  ]);
});

test.each([
  ['a model that was let in over the budget', { usedBytes: 2300, heldBytes: 2000 }],
  ['a load inside its sum', { usedBytes: 2900, heldBytes: 1000, loadingBytes: 1700 }],
  ['a load inside its sum while the machine is full', { usedBytes: 900, freeBytes: 1, loadingBytes: 500 }],
  ['a process whose end would not help the machine', { usedBytes: 149, freeBytes: 1 }],
  ['a machine that does not tell what is free', { usedBytes: 900, freeBytes: null }],
] as const)('%s is left alone', (_name, facts) => {
  expect(new Set(steps(facts, 20))).toEqual(new Set(['fine']));
});

test('never ends what was not asked first, nor sooner than 2 s after that', () => {
  const sizes = fc.record({ usedBytes: fc.nat(5000), freeBytes: fc.nat(100), heldBytes: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 40 }), (looks) => {
      let trouble: MemoryTrouble | null = null;
      let askedAt: number | null = null;
      for (const [look, facts] of looks.entries()) {
        const step = planMemory({ ...usual, ...facts, atMs: look * 500 }, trouble, policy);
        trouble = 'trouble' in step ? step.trouble : null;
        if (step.kind === 'release') askedAt = look * 500;
        if (step.kind === 'fine') askedAt = null;
        if (step.kind === 'end') return askedAt !== null && look * 500 - askedAt >= 2000;
      }
      return true;
    }),
  );
});

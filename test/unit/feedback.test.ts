import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFeedbackService } from '#electron/services/studio/feedback/createFeedbackService.ts';
import { votesOfDecision } from '#electron/services/studio/feedback/votesOfDecision.ts';
import { createWork, type Work } from '#electron/services/studio/work/createWork.ts';
import { planRoute } from '#models/coordinator/planRoute.ts';
import { FeedbackFile, type Vote, VoteKind, weightsOf, withSettings } from '#shared/models/feedback.ts';
import type { JobItem } from '#shared/models/job.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { Routing, TaskKind } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import { candidateOf } from '../support/routes.ts';

const day = 24 * 3600 * 1000;
const blip = ModelId.parse('blip');
const qwen = ModelId.parse('qwen');
const llava = ModelId.parse('llava');
const models = [
  candidateOf('blip', { family: 'blip2', languages: ['en'] }),
  candidateOf('qwen', { family: 'qwenvl', languages: ['en', 'zh'] }),
  candidateOf('llava', { family: 'llava', languages: ['en'] }),
];

/** Votes an hour apart. */
const votes = (...given: readonly (readonly [ModelId, VoteKind, number?])[]): Vote[] =>
  given
    .flatMap(([modelId, kind, times = 1]) => Array.from({ length: times }, () => ({ modelId, kind })))
    .map((vote, index) => ({ ...vote, task: 'describe', language: 'en', at: index * 3600_000 }));
const values = (given: readonly Vote[], now = (given.at(-1)?.at ?? 0) + 1) =>
  Object.fromEntries(Object.entries(weightsOf(given, now)).map(([id, { value }]) => [id, value]));

describe('what votes come to', () => {
  test('three of a kind decide nothing, five do', () => {
    expect(values(votes([blip, 'up', 3]))).toEqual({ blip: 0 });
    expect(values(votes([blip, 'down', 4]))).toEqual({ blip: 0 });
    expect(values(votes([blip, 'up', 5]))).toEqual({ blip: 1 });
    expect(values(votes([blip, 'down', 5]))).toEqual({ blip: -1 });
  });

  test('a few votes against an opinion do not end it, many do', () => {
    const formed = votes([blip, 'up', 12], [blip, 'down', 4]);
    expect(values(formed)).toEqual({ blip: 1 });
    expect(values(votes([blip, 'up', 12], [blip, 'down', 12]))).toEqual({ blip: 0 });
  });

  test('of two that are liked the first stays the favourite until the other is better beyond chance', () => {
    expect(values(votes([blip, 'up', 8], [qwen, 'up', 10]))).toEqual({ blip: 1, qwen: 0.5 });
    const worse = votes([blip, 'up', 14], [blip, 'down', 8], [qwen, 'up', 30]);
    expect(values(worse)).toMatchObject({ qwen: 1 });
  });

  test('opinions fade with time', () => {
    const old = votes([blip, 'down', 6]);
    expect(values(old, 30 * day)).toEqual({ blip: -1 });
    expect(values(old, 400 * day)).toEqual({ blip: 0 });
  });

  test('every vote is counted, and the writer’s own setting stands above them', () => {
    const weights = weightsOf(votes([blip, 'up', 14]), 20 * 3600_000);
    expect(weights[blip]).toEqual({ value: 1, votes: 14, manual: false });
    expect(withSettings(weights, [{ modelId: blip, value: -0.25 }])[blip]).toEqual({
      value: -0.25,
      votes: 14,
      manual: true,
    });
  });

  test('any votes at all give weights in their bounds, one favourite at most, and the same ones again', () => {
    const vote = fc.record({
      modelId: fc.constantFrom(blip, qwen, llava),
      kind: fc.constantFrom(...VoteKind.options),
      task: fc.constant('describe' as const),
      language: fc.constant('en' as const),
      at: fc.nat(300 * day),
    });
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 80 }), (given) => {
        const ordered = given.toSorted((a, b) => a.at - b.at);
        const weights = weightsOf(ordered, 300 * day);
        const all = Object.values(weights);
        expect(all.every(({ value }) => [-1, 0, 0.5, 1].includes(value))).toBe(true);
        expect(all.filter(({ value }) => value === 1).length).toBeLessThanOrEqual(1);
        expect(all.reduce((sum, { votes: count }) => sum + count, 0)).toBe(given.length);
        expect(weightsOf(ordered, 300 * day)).toEqual(weights);
      }),
    );
  });
});

/** Numbers of one seed, 0…1 (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A writer who is asked about whichever model the route begins with, and errs now and then. */
function simulate(seed: number, likes: ModelId, noise: number, count: number) {
  const draw = draws(seed);
  const given: Vote[] = [];
  const firsts: ModelId[] = [];
  for (let turn = 0; turn < count; turn++) {
    const at = turn * 6 * 3600_000;
    const weights = weightsOf(given, at);
    const routing = Routing.parse({ weights });
    const [first] = planRoute(models, {
      task: 'describe',
      capability: 'question_answering',
      language: 'en',
      routing,
    });
    if (!first) throw new Error('no route');
    firsts.push(first);
    const isGood = (first === likes) !== draw() < noise;
    given.push({ task: 'describe', language: 'en', modelId: first, kind: isGood ? 'up' : 'down', at });
  }
  const flips = firsts.filter((first, index) => index > 0 && first !== firsts[index - 1]).length;
  return { settledAt: firsts.findLastIndex((first) => first !== likes) + 1, flips, last: firsts.at(-1) };
}

const spread = (numbers: readonly number[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
};

describe('a writer who knows what she likes', () => {
  const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

  test('is understood within twenty votes, whichever model she likes', () => {
    for (const likes of [blip, qwen, llava]) {
      const { settledAt, last } = simulate(1, likes, 0, 60);
      expect(last).toBe(likes);
      expect(settledAt).toBeLessThanOrEqual(20);
    }
  });

  test('errs in one vote of ten, and the route still changes at most twice', () => {
    for (const likes of [blip, qwen, llava]) {
      const runs = seeds.map((seed) => simulate(seed, likes, 0.1, 80));
      const flips = runs.map((run) => run.flips);
      const settled = runs.map(({ settledAt }) => settledAt);
      console.info(
        `likes ${likes}: changes of the route ${JSON.stringify(spread(flips))}; settled after`,
        `${String(settled.toSorted((a, b) => a - b)[200])} votes (median), ${String(Math.max(...settled))} (most)`,
      );
      expect(Math.max(...flips)).toBeLessThanOrEqual(2);
      expect(runs.every(({ last }) => last === likes)).toBe(true);
    }
  });
});

test('a decision about many proposals at once is three votes on a model at most', () => {
  const item = (name: string, modelId: ModelId): JobItem => ({
    item: name,
    state: 'done',
    attempts: 0,
    error: null,
    outcome: { kind: 'describe-pictures', value: { text: 'A cave.', modelId } },
    decision: 'dismissed',
  });
  const order = { kind: 'describe-pictures', options: { style: 'alt', language: 'zh' } } as const;
  const decided = [
    ...Array.from({ length: 9 }, (_, index) => item(`a${String(index)}`, blip)),
    item('b', qwen),
    { ...item('c', llava), outcome: null },
  ];
  const about = { task: 'describe', language: 'zh' };
  expect(votesOfDecision(order, decided, 'dismissed')).toEqual([
    ...Array.from({ length: 3 }, () => ({ ...about, modelId: blip, kind: 'rejected' })),
    { ...about, modelId: qwen, kind: 'rejected' },
  ]);
  expect(votesOfDecision(order, decided.slice(0, 1), 'accepted')).toMatchObject([{ kind: 'accepted' }]);
});

describe('kept in work.sqlite', () => {
  let folder = '';
  let work: Work;
  let time = 1_000_000;
  const open = () => createFeedbackService({ work, now: () => time++ });
  const key = { task: 'describe', language: 'zh', modelId: qwen } as const;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'storyloom-feedback-'));
    work = createWork(folder);
  });
  afterEach(() => {
    work.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('votes outlive the process and weigh in every later call', () => {
    open().vote({ votes: Array.from({ length: 14 }, () => ({ ...key, kind: 'up' as const })) });
    work.close();
    const { routing, list } = open();
    expect(routing('describe', 'zh', null)).toEqual({
      chosen: null,
      weights: { qwen: { value: 1, votes: 14, manual: false } },
      remoteAllowed: false,
    });
    expect(routing('describe', 'en', blip)).toEqual({ chosen: blip, weights: {}, remoteAllowed: false });
    expect(list()).toEqual([{ ...key, value: 1, liked: 14, disliked: 0, setting: null }]);
  });

  test('a setting overrides the votes until it is taken back; one line can be reset, or all', () => {
    const { vote, set, list, reset } = open();
    vote({ votes: [{ ...key, kind: 'down' }] });
    vote({ votes: [{ ...key, modelId: llava, kind: 'up' }] });
    set({ ...key, value: 0.5 });
    expect(list().find(({ modelId }) => modelId === qwen)).toMatchObject({
      value: 0.5,
      setting: 0.5,
      disliked: 1,
    });
    set({ ...key, value: null });
    expect(list().find(({ modelId }) => modelId === qwen)).toMatchObject({ value: 0, setting: null });
    reset({ of: key });
    expect(list().map(({ modelId }) => modelId)).toEqual([llava]);
    reset({ of: null });
    expect(list()).toEqual([]);
  });

  test('what is exported can be taken in elsewhere, once', () => {
    const here = open();
    here.vote({
      votes: [
        { ...key, kind: 'up' },
        { ...key, kind: 'edited' },
      ],
    });
    here.set({ ...key, modelId: llava, value: -1 });
    const file = FeedbackFile.parse(JSON.parse(JSON.stringify(here.export())));
    const before = here.list();
    here.reset({ of: null });
    expect(here.import(file)).toEqual({ votes: 2, settings: 1 });
    expect(here.import(file)).toEqual({ votes: 0, settings: 1 });
    expect(here.list()).toEqual(before);
  });

  test('only so many votes are kept of each line, the newest', () => {
    const { vote, list } = open();
    vote({ votes: [{ ...key, kind: 'down' }] });
    for (let round = 0; round < 4; round++) {
      vote({ votes: Array.from({ length: 150 }, () => ({ ...key, kind: 'up' as const })) });
    }
    expect(list()).toEqual([{ ...key, value: 1, liked: 500, disliked: 0, setting: null }]);
  });

  test('a damaged file costs the opinions, not the models', () => {
    writeFileSync(join(folder, 'work.sqlite'), 'not a database '.repeat(100));
    const { routing, vote, list } = open();
    expect(routing('describe', 'zh', qwen)).toEqual({ chosen: qwen, weights: {}, remoteAllowed: false });
    vote({ votes: [{ ...key, kind: 'up' }] });
    expect(list()).toHaveLength(1);
  });

  test('tasks and languages are kept apart', () => {
    const { vote, routing } = open();
    vote({ votes: Array.from({ length: 6 }, () => ({ ...key, kind: 'up' as const })) });
    for (const task of TaskKind.options) {
      for (const language of Language.options) {
        const isSame = task === key.task && language === key.language;
        expect(routing(task, language, null).weights).toEqual(
          isSame ? { qwen: { value: 1, votes: 6, manual: false } } : {},
        );
      }
    }
  });
});

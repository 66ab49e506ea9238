import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalog } from '#models/catalog/catalog.ts';
import { installHints } from '#models/coordinator/installHints.ts';
import { explainRoute, planRoute, type RouteRequest } from '#models/coordinator/planRoute.ts';
import { obstacleOf } from '#models/manager/obstacleOf.ts';
import type { ModelFamily } from '#shared/models/manifest.ts';
import { Routing, TaskKind } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import { candidateOf, candidates, isWarm, lethal, routings, stateOf, tooBig } from '../../support/routes.ts';

const requests = fc.record({
  task: fc.constantFrom(...TaskKind.options),
  capability: fc.constant('question_answering' as const),
  language: fc.constantFrom(...Language.options),
  routing: routings,
});

const remote = ({ manifest }: { manifest: { source: { kind: string } } }) =>
  manifest.source.kind === 'remote';

describe('any route', () => {
  test('has each model once, and only such as are here, can do it, and speak the language or were chosen', () => {
    fc.assert(
      fc.property(candidates, requests, (list, request) => {
        const route = planRoute(list, request);
        expect(new Set(route).size).toBe(route.length);
        for (const entry of list) {
          const { manifest, status } = entry;
          const isHere =
            status.state === 'failed' ? status.installed : !['absent', 'installing'].includes(status.state);
          const isEligible =
            manifest.capabilities.question_answering &&
            isHere &&
            (!remote(entry) || request.routing.remoteAllowed) &&
            (manifest.id === request.routing.chosen ||
              (manifest.languages.includes(request.language) &&
                (isWarm(entry) || !entry.variants.every(({ fit }) => fit.lethal))));
          expect(route.includes(manifest.id)).toBe(isEligible);
        }
      }),
    );
  });

  test('begins with the chosen model, then this machine, then what fits, then the weightiest, then the warm', () => {
    fc.assert(
      fc.property(candidates, requests, (list, request) => {
        const entries = planRoute(list, request).map((id) => list.find(({ manifest }) => manifest.id === id));
        const keys = entries.map((entry) => {
          if (!entry) throw new Error('a route names a model that is not there');
          const { id } = entry.manifest;
          return [
            Number(id !== request.routing.chosen),
            Number(remote(entry)),
            Number(!isWarm(entry) && entry.variants.every(({ fit }) => fit.verdict === 'too-big')),
            1 - (request.routing.weights[id]?.value ?? 0),
          ];
        });
        for (const [index, key] of keys.entries()) {
          const before = keys[index - 1];
          if (before) expect(compare(before, key)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  test('is told with a reason for every model that stands before another for one', () => {
    fc.assert(
      fc.property(candidates, requests, (list, request) => {
        const [first, second] = planRoute(list, request);
        if (!first) return;
        const reasons = explainRoute(list, request, first);
        const kinds = reasons.map(({ kind }) => kind);
        expect(new Set(kinds).size).toBe(kinds.length);
        if (first === request.routing.chosen) expect(kinds).toEqual(['chosen']);
        if (kinds.includes('only')) expect(second).toBeUndefined();
        const weight = request.routing.weights[first];
        const tells = reasons.find(({ kind }) => kind === 'votes' || kind === 'manual');
        if (tells?.kind === 'votes' && weight) expect(tells.votes).toBe(weight.votes);
        if (tells && weight) expect(tells.kind).toBe(weight.manual ? 'manual' : 'votes');
      }),
    );
  });
});

const compare = (a: readonly number[], b: readonly number[]): number => {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
};

const blip = candidateOf('blip', { family: 'blip2', languages: ['en'] });
const llava = candidateOf('llava', { family: 'llava', languages: ['en'] });
const qwen = candidateOf('qwen', { family: 'qwenvl', languages: ['en', 'zh'] });
const models = [qwen, llava, blip];
const ask = (task: TaskKind, language: Language, routing: object = {}): RouteRequest => ({
  task,
  capability: 'question_answering',
  language,
  routing: Routing.parse(routing),
});
const weight = (value: number, votes = 0, manual = false) => ({ value, votes, manual });

describe('the specification’s choices', () => {
  test('captions of BLIP-2, stories of LLaVA, Chinese of Qwen-VL, English questions of LLaVA or BLIP-2', () => {
    expect(planRoute(models, ask('describe', 'en'))[0]).toBe('blip');
    expect(planRoute(models, ask('tell', 'en'))[0]).toBe('llava');
    expect(planRoute(models, ask('describe', 'zh'))).toEqual(['qwen']);
    expect(planRoute(models, ask('answer', 'zh'))).toEqual(['qwen']);
    expect(planRoute(models, ask('answer', 'en')).slice(0, 2)).toEqual(['llava', 'blip']);
  });

  test('what only captions describes pictures, and is asked nothing else', () => {
    const known = catalog.find(({ id }) => id === 'florence-2-base');
    const captioner = candidateOf('florence', {
      family: 'florence2',
      languages: ['en'],
      ...(known ? { capabilities: known.capabilities } : {}),
    });
    const route = (task: TaskKind) => planRoute([captioner, llava], ask(task, 'en'));
    expect([route('describe'), route('tell'), route('answer')]).toEqual([
      ['florence', 'llava'],
      ['llava'],
      ['llava'],
    ]);
  });

  test('a warm model goes first among equals, and never before one whose strength the task is', () => {
    const warm = { ...qwen, status: stateOf('loaded') };
    expect(planRoute([llava, blip, warm], ask('describe', 'en'))).toEqual(['blip', 'qwen', 'llava']);
    const twin = candidateOf('twin', { family: 'blip2', languages: ['en'] });
    expect(planRoute([twin, { ...blip, status: stateOf('loaded') }], ask('describe', 'en'))[0]).toBe('blip');
  });

  test('the writer’s votes outweigh strength and warmth; the writer’s choice outweighs votes', () => {
    const weights = { qwen: weight(0.5, 14), blip: weight(-1, 6) };
    expect(planRoute(models, ask('describe', 'en', { weights }))).toEqual(['qwen', 'llava', 'blip']);
    expect(planRoute(models, ask('describe', 'en', { weights, chosen: 'blip' }))[0]).toBe('blip');
  });

  test('what is too big for the limits comes last, what cannot be held not at all', () => {
    const big = { ...blip, variants: [tooBig] };
    expect(planRoute([big, llava], ask('describe', 'en'))).toEqual(['llava', 'blip']);
    expect(planRoute([{ ...big, variants: [lethal] }, llava], ask('describe', 'en'))).toEqual(['llava']);
    expect(
      planRoute([{ ...big, variants: [lethal] }, llava], ask('describe', 'en', { chosen: 'blip' })),
    ).toEqual(['blip', 'llava']);
  });

  test('what could not be loaded comes after what can', () => {
    const failed = { ...llava, status: stateOf('failed') };
    expect(planRoute([failed, qwen], ask('describe', 'en'))).toEqual(['qwen', 'llava']);
  });
});

describe('why a model was asked', () => {
  const why = (request: RouteRequest, id: string, list = models) =>
    explainRoute(list, request, candidateOf(id, {}).manifest.id);

  test('its language and the last votes', () => {
    const weights = { qwen: weight(0.5, 14) };
    const other = candidateOf('other', { family: 'smolvlm', languages: ['zh'] });
    expect(why(ask('answer', 'zh', { weights }), 'qwen', [...models, other])).toEqual([
      { kind: 'language', language: 'zh' },
      { kind: 'votes', votes: 14 },
    ]);
  });

  test('votes against the others, where nobody voted on it', () => {
    const weights = { blip: weight(-1, 6), llava: weight(-1, 5) };
    expect(why(ask('describe', 'en', { weights }), 'qwen')).toEqual([{ kind: 'votes', votes: 11 }]);
  });

  test('the writer’s choice, the writer’s setting, its strength, its being there', () => {
    expect(why(ask('describe', 'en', { chosen: 'qwen' }), 'qwen')).toEqual([{ kind: 'chosen' }]);
    const weights = { qwen: weight(1, 3, true) };
    expect(why(ask('describe', 'en', { weights }), 'qwen')).toEqual([{ kind: 'manual' }]);
    expect(why(ask('describe', 'en'), 'blip')).toEqual([{ kind: 'style', task: 'describe' }]);
    const warm = { ...llava, status: stateOf('loaded') };
    expect(why(ask('write', 'en'), 'llava', [qwen, warm])).toEqual([{ kind: 'warm' }]);
    expect(why(ask('write', 'en'), 'llava', [warm])).toEqual([{ kind: 'only' }]);
    expect(why(ask('describe', 'en'), 'llava', [llava, { ...blip, variants: [lethal] }])).toEqual([
      { kind: 'fits' },
    ]);
  });
});

test('names models of the language to install, the easiest first, and families where nothing runs them', () => {
  const families = (names: readonly ModelFamily[]) => new Map(names.map((name) => [name, null]));
  const listWith = (adapters: ReadonlyMap<ModelFamily, null>) =>
    catalog.map((manifest) => ({
      manifest,
      status: { state: 'absent', obstacle: obstacleOf(manifest, adapters) } as const,
      variants: [],
      suggested: 'q8' as const,
    }));
  let list = listWith(families(['text', 'embedding']));
  const hints = (capability: Parameters<typeof installHints>[1]['capability'], language: Language) =>
    installHints(list, { capability, language });
  expect(hints('text_generation', 'en')).toEqual(['stories15m']);
  expect(hints('text_generation', 'zh')).toEqual(['minimind2-small']);
  expect(hints('question_answering', 'zh')).toEqual(['blip2', 'llava', 'qwenvl', 'smolvlm']);
  list = listWith(families(['text', 'embedding', 'clip', 'blip2', 'llava', 'qwenvl']));
  expect(hints('text_generation', 'zh')[0]).toBe('minimind2-small');
  expect(hints('question_answering', 'zh')).toEqual(['qwen2-vl-2b', 'qwen2.5-vl-3b', 'llava-onevision-0.5b']);
  expect(hints('image_encoding', 'en')[0]).toBe('clip-vit-base-patch32');
});

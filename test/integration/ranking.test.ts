import { beforeAll, expect, test } from 'vitest';
import { adapters } from '#models/adapters/registry.ts';
import { catalog } from '#models/catalog/catalog.ts';
import { TaskCoordinator } from '#models/coordinator/TaskCoordinator.ts';
import { ModelManager } from '#models/manager/ModelManager.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { Routing } from '#shared/models/routing.ts';
import type { RankCandidate, RankText } from '#shared/models/task.ts';
import { ImageId } from '#shared/story/ids.ts';
import { installedModels } from '../support/models.ts';

const routing = Routing.parse({});
const never = new AbortController().signal;
let coordinator: TaskCoordinator;

beforeAll(async () => {
  const store = new ModelStore(await installedModels());
  const manager = await ModelManager.open({ catalog, adapters, store, budgetBytes: 2 ** 32 });
  coordinator = new TaskCoordinator(manager);
  return () => manager[Symbol.asyncDispose]();
});

const idOf = (index: number) => ImageId.parse(index.toString(16).padStart(64, '0'));
const picture = (index: number, ...texts: [RankText['field'], string][]): RankCandidate => ({
  imageId: idOf(index),
  texts: texts.map(([field, text]) => ({ field, text })),
});

const gallery = [
  picture(1, ['caption', 'A crowded fish market by the harbour']),
  picture(2, ['alt', 'A wolf howling under the full moon']),
  picture(3, ['tag', 'bakery'], ['tag', 'fresh bread']),
  picture(4, ['name', 'Elara'], ['alt', 'Portrait of a young woman with silver hair']),
  picture(5, ['file', 'steam train winter']),
];

const rank = (
  passage: string,
  candidates: readonly RankCandidate[] = gallery,
  language: 'en' | 'zh' = 'en',
) => coordinator.rank({ passage, language, candidates, topK: 3, routing, encoder: null }, never);

test.each([
  [
    'They bought herring from the boats at the quay. Nobody had slept.',
    1,
    'They bought herring from the boats at the quay.',
  ],
  [
    'The night was long. Far off in the hills, a beast cried at the sky.',
    2,
    'Far off in the hills, a beast cried at the sky.',
  ],
  [
    'He opened the oven. The smell of warm loaves filled the street.',
    3,
    'The smell of warm loaves filled the street.',
  ],
  [
    'She brushed her grey locks before the mirror. Then she slept.',
    4,
    'She brushed her grey locks before the mirror.',
  ],
  [
    'Snow lay on the rails as the locomotive whistled.',
    5,
    'Snow lay on the rails as the locomotive whistled.',
  ],
])('%j finds its picture by meaning, not by words', async (passage, index, phrase) => {
  const { modelId, ranking } = await rank(passage);
  expect(modelId).toBe('minilm-l6');
  expect(ranking[0]).toMatchObject({ imageId: idOf(index), evidence: [{ kind: 'text', phrase }] });
  expect(ranking).toHaveLength(3);
  expect(ranking.every(({ score }, place) => score <= 1 && score <= (ranking[place - 1]?.score ?? 1))).toBe(
    true,
  );
});

test('a Chinese passage is matched by shared words and names, and says so', async () => {
  const candidates = [
    picture(1, ['caption', '港口边拥挤的鱼市场'], ['name', '艾拉']),
    picture(2, ['caption', '满月下嚎叫的狼']),
    picture(3, ['caption', 'A bakery']),
  ];
  const { modelId, ranking } = await rank('夜里很冷。山上传来狼的嚎叫，满月升了起来。', candidates, 'zh');
  expect(modelId).toBe('lexical-match');
  expect(ranking.map(({ imageId }) => imageId)).toEqual([idOf(2)]);
  expect(ranking[0]?.evidence[0]?.phrase).toContain('满月');
});

test('the language of the passage counts, not the one it is filed under', async () => {
  expect((await rank('山上传来狼的嚎叫。', [picture(1, ['caption', '嚎叫的狼'])], 'en')).modelId).toBe(
    'lexical-match',
  );
  expect((await rank('A wolf howled.', gallery, 'zh')).modelId).toBe('minilm-l6');
});

test('says when there is nothing to compare', async () => {
  const nothing = { code: 'task/nothing-to-rank' };
  await expect(rank('A wolf howled.', [picture(1)])).rejects.toMatchObject(nothing);
  await expect(rank('… — !', gallery)).rejects.toMatchObject(nothing);
});

test('a cancelled ranking ends as cancelled', async () => {
  const abort = new AbortController();
  const many = Array.from({ length: 300 }, (_, index) =>
    picture(index, ['caption', `Picture number ${String(index)} of a boat`]),
  );
  const ranking = coordinator.rank(
    { passage: 'A boat.', language: 'en', candidates: many, topK: 3, routing, encoder: null },
    abort.signal,
  );
  setTimeout(() => abort.abort(), 20);
  await expect(ranking).rejects.toMatchObject({ code: 'task/cancelled' });
});

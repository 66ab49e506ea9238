import { expect, test } from 'vitest';
import { textOf, votesOf } from '#renderer/features/pictures/togetherText.ts';
import { modelsFor } from '#renderer/features/preferences/modelsFor.ts';
import type { Together } from '#shared/models/ensemble.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { candidateOf, stateOf } from '../support/routes.ts';

const [blip, llava, qwen] = ['blip', 'llava', 'qwen'].map((id) => ModelId.parse(id)) as [
  ModelId,
  ModelId,
  ModelId,
];
const together: Together = {
  language: 'en',
  agreed: [{ text: 'a red ball', modelIds: [blip, llava] }],
  disputed: [
    {
      about: ['number'],
      claims: [
        { text: 'three dogs', modelIds: [llava, qwen] },
        { text: 'two dogs.', modelIds: [blip] },
      ],
    },
  ],
  single: [
    { text: 'the sky is grey', modelIds: [qwen] },
    { text: 'a forest', modelIds: [llava] },
  ],
  captions: [],
  failed: [],
};

test('the text holds what is agreed and what was ticked, never an open dispute', () => {
  expect(textOf(together, { disputes: {}, single: [] })).toBe('A red ball.');
  expect(textOf(together, { disputes: { 0: 'two dogs.' }, single: [1, 0] })).toBe(
    'A red ball. Two dogs. The sky is grey. A forest.',
  );
  expect(textOf({ ...together, language: 'zh' }, { disputes: {}, single: [] })).toBe('a red ball。');
});

test('a tick speaks for those that said it and against the others', () => {
  const [dispute] = together.disputed;
  if (!dispute) throw new Error('no dispute');
  const about = { task: 'describe', language: 'zh' };
  expect(votesOf(dispute, 'three dogs', 'zh')).toEqual([
    { ...about, modelId: llava, kind: 'ticked' },
    { ...about, modelId: qwen, kind: 'ticked' },
    { ...about, modelId: blip, kind: 'unticked' },
  ]);
});

test('preferences are about models that are here and can, and about those that were voted on', () => {
  const opinion = {
    task: 'answer',
    language: 'zh',
    modelId: ModelId.parse('gone'),
    value: 1,
    liked: 6,
    disliked: 0,
    setting: null,
  } as const;
  const models = [
    candidateOf('qwen', { languages: ['en', 'zh'] }),
    candidateOf('llava', { languages: ['en'] }),
    candidateOf('blip', { languages: ['zh'] }, { status: stateOf('absent') }),
  ];
  expect(modelsFor(models, [opinion], { task: 'answer', language: 'zh' })).toEqual([
    { modelId: qwen, opinion: null },
    { modelId: 'gone', opinion },
  ]);
  expect(
    modelsFor(models, [opinion], { task: 'answer', language: 'en' }).map(({ modelId }) => modelId),
  ).toEqual([qwen, llava]);
});

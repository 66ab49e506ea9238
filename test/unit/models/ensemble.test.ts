import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeCaptions, statementsOf } from '#models/coordinator/ensemble/mergeCaptions.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { Language } from '#shared/story/scene.ts';
import { captionSets } from '../../support/captionSets.ts';

const names = ['blip', 'llava', 'qwen'].map((name) => ModelId.parse(name));

function merge(language: Language, ...texts: readonly string[]) {
  const captions = texts.map((text, index) => ({ modelId: names[index] ?? ModelId.parse('more'), text }));
  const { agreed, disputed, single } = mergeCaptions(captions, language);
  return {
    agreed: agreed.map(({ text }) => text),
    disputed: disputed.map(({ about, claims }) => [about.join(), ...claims.map(({ text }) => text)]),
    single: single.map(({ text, modelIds }) => `${modelIds.join()}: ${text}`),
  };
}

describe('captions in English', () => {
  test('two dogs or three', () => {
    expect(
      merge(
        'en',
        'Two dogs playing in the snow, with a red ball.',
        'There are three dogs playing in the snow and a blue ball.',
        'The image shows two dogs in the snow.',
      ),
    ).toEqual({
      agreed: [],
      disputed: [
        ['number', 'two dogs in the snow', 'three dogs playing in the snow'],
        ['colour', 'a red ball', 'a blue ball'],
      ],
      single: [],
    });
  });

  test('who it is, and what colour the horse has', () => {
    expect(
      merge(
        'en',
        'a woman riding a white horse through a forest',
        'A man rides a black horse through the forest. The sky is grey.',
      ),
    ).toEqual({
      agreed: [],
      disputed: [
        [
          'person,colour',
          'a woman riding a white horse through a forest',
          'A man rides a black horse through the forest',
        ],
      ],
      single: ['llava: The sky is grey'],
    });
  });

  test('a boy and a girl are two people, in whichever order', () => {
    const { agreed, disputed } = merge(
      'en',
      'A boy and a girl sit under a tree.',
      'A girl and a boy under a big tree',
    );
    expect([agreed.map((text) => text.toLowerCase()), disputed]).toEqual([['a boy', 'a girl'], []]);
  });

  test('what one denies and another tells', () => {
    expect(
      merge('en', 'There are no people on the beach.', 'People on the beach.', 'Two boats on the beach')
        .disputed,
    ).toEqual([['negation', 'no people on the beach', 'People on the beach']]);
    expect(merge('en', 'a beach without people', 'a sunny beach without people').disputed).toEqual([]);
  });

  test('the most that two say is agreed; what one adds is that one’s', () => {
    expect(
      merge(
        'en',
        'a cat sleeping on a sofa',
        'The image shows a black cat sleeping on a sofa. The sofa is green.',
        'This is a photo of a cat on a sofa; the sofa is brown',
      ),
    ).toEqual({
      agreed: ['a cat sleeping on a sofa'],
      disputed: [['colour', 'The sofa is green', 'the sofa is brown']],
      single: ['llava: a black cat sleeping on a sofa'],
    });
  });

  test('who does not mention the colour takes no side', () => {
    expect(
      merge(
        'en',
        'a crystal glowing in a dark cave',
        'a large blue crystal glows in the cave',
        'a purple crystal glowing in a cave',
      ),
    ).toEqual({
      agreed: [],
      disputed: [['colour', 'a large blue crystal glows in the cave', 'a purple crystal glowing in a cave']],
      single: ['blip: a crystal glowing in a dark cave'],
    });
  });

  test('the same place does not make the same thing', () => {
    expect(merge('en', 'two dogs on the beach', 'a girl on the beach')).toEqual({
      agreed: [],
      disputed: [],
      single: ['blip: two dogs on the beach', 'llava: a girl on the beach'],
    });
  });
});

describe('captions in Chinese', () => {
  test('两只还是三只', () => {
    expect(
      merge(
        'zh',
        '两只狗在雪地里玩耍，旁边有一个红色的球。',
        '图片中有三只狗在雪地里玩耍，还有一个蓝色的球。',
      ),
    ).toEqual({
      agreed: [],
      disputed: [
        ['number', '两只狗在雪地里玩耍', '三只狗在雪地里玩耍'],
        ['colour', '一个红色的球', '一个蓝色的球'],
      ],
      single: [],
    });
  });

  test('谁骑着什么马', () => {
    expect(
      merge('zh', '一个女孩骑着一匹白马穿过森林。', '画面中一个男孩骑着一匹黑色的马穿过森林，天空是灰色的'),
    ).toEqual({
      agreed: [],
      disputed: [['person,colour', '一个女孩骑着一匹白马穿过森林', '一个男孩骑着一匹黑色的马穿过森林']],
      single: ['llava: 天空是灰色的'],
    });
  });

  test('有没有人', () => {
    expect(merge('zh', '海滩上没有人。', '海滩上有两个人，远处是一艘船', '海滩上有一艘船')).toEqual({
      agreed: ['一艘船'],
      disputed: [['negation', '海滩上没有人', '海滩上有两个人']],
      single: ['llava: 远处是一艘船', 'qwen: 海滩上有一艘船'],
    });
  });

  test('一致的事实', () => {
    expect(merge('zh', '山洞里有一块发光的水晶', '一块发光的水晶在山洞里', '一块紫色的水晶')).toEqual({
      agreed: ['山洞里有一块发光的水晶'],
      disputed: [],
      single: ['qwen: 一块紫色的水晶'],
    });
  });
});

test('of captions that were written down before: every contradiction is found, and no other', () => {
  const [missed, invented, unseen]: [string[], string[], string[]] = [[], [], []];
  for (const { language, captions, disputes, agree } of captionSets) {
    const said = captions.map((text, index) => ({ modelId: names[index] as ModelId, text }));
    const { agreed, disputed } = mergeCaptions(said, language);
    const found = new Set(disputed.flatMap(({ about }) => about));
    missed.push(
      ...disputes.filter((kind) => !found.has(kind)).map((kind) => `${kind}: ${captions.join(' | ')}`),
    );
    invented.push(...[...found].filter((kind) => !disputes.includes(kind)));
    unseen.push(...agree.filter((word) => !agreed.some(({ text }) => text.toLowerCase().includes(word))));
  }
  expect(missed).toEqual([]);
  expect(invented).toEqual([]);
  // Two captions that say the same thing with partly other words beside it have only the thing in common.
  expect(unseen.length).toBeLessThanOrEqual(2);
});

const caption = fc
  .array(
    fc.constantFrom(
      ...'a two three no red blue dog dogs man woman girl ball , . and with on the beach is 两只 三只 狗 没有 人 红色的 球 ， 。 在 海滩 上'.split(
        ' ',
      ),
    ),
    { maxLength: 14 },
  )
  .map((words) => words.join(' '));

test('any captions: nothing said is lost, nothing is agreed by one alone, no dispute has one side', () => {
  fc.assert(
    fc.property(
      fc.array(caption, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...Language.options),
      (texts, language) => {
        const captions = texts.map((text, index) => ({ modelId: names[index] as ModelId, text }));
        const { agreed, disputed, single } = mergeCaptions(captions, language);
        for (const { modelIds } of agreed) expect(new Set(modelIds).size).toBeGreaterThan(1);
        for (const { claims, about } of disputed) {
          expect(claims.length).toBeGreaterThan(1);
          expect(about.length).toBeGreaterThan(0);
        }
        const claims = [...agreed, ...single, ...disputed.flatMap((dispute) => dispute.claims)];
        for (const { text, modelIds } of claims) {
          expect(text).not.toBe('');
          // In the very words of a model that is named.
          const said = captions.filter(({ modelId }) => modelIds.includes(modelId));
          expect(said.some((one) => one.text.includes(text))).toBe(true);
        }
        for (const { modelId, text } of captions) {
          if (statementsOf(text, language).length === 0) continue;
          // Who says less than what two others agree on is not named.
          const isNamed = claims.some(({ modelIds }) => modelIds.includes(modelId));
          expect(isNamed || agreed.length > 0).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

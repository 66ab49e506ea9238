import type { DisputeKind } from '#shared/models/ensemble.ts';
import type { Language } from '#shared/story/scene.ts';

/** Captions of one picture in the manner of several captioners, and what they contradict each other about. */
export interface CaptionSet {
  readonly language: Language;
  readonly captions: readonly string[];
  readonly disputes: readonly DisputeKind[];
  /** A word of what at least two say. */
  readonly agree: readonly string[];
}

const en = (captions: readonly string[], disputes: readonly DisputeKind[], agree: readonly string[]) => ({
  language: 'en' as const,
  captions,
  disputes,
  agree,
});
const zh = (captions: readonly string[], disputes: readonly DisputeKind[], agree: readonly string[]) => ({
  language: 'zh' as const,
  captions,
  disputes,
  agree,
});

/** Written down before the merging was tried on them. */
export const captionSets: readonly CaptionSet[] = [
  en(
    [
      'a woman standing in a forest with a lantern',
      'The image features a woman with silver hair standing in a dark forest, holding a lantern.',
    ],
    [],
    ['woman', 'lantern'],
  ),
  en(
    [
      'a castle on top of a mountain',
      'The image shows a large castle on a mountain, surrounded by clouds. There are two birds flying in the sky.',
    ],
    [],
    ['castle'],
  ),
  en(
    [
      'a group of people walking through a cave',
      'Three people are walking through a dark cave with torches.',
    ],
    [],
    ['cave'],
  ),
  en(
    [
      'a man with a sword and a red cape',
      'A man in armor holds a sword. He wears a blue cape.',
      'A knight with a sword and a red cape stands on a hill.',
    ],
    ['colour'],
    ['sword'],
  ),
  en(
    [
      'two horses grazing in a field',
      'The picture depicts three horses grazing in a green field near a river.',
    ],
    ['number'],
    [],
  ),
  en(
    ['a girl reading a book under a tree', 'A young boy is reading a book under a large tree.'],
    ['person'],
    [],
  ),
  en(
    [
      'an old wooden ship sailing on the sea',
      'A wooden ship sails on a calm sea. There are no people on the ship.',
      'A ship on the sea with several people on the deck.',
    ],
    ['negation'],
    ['ship'],
  ),
  en(
    ['a cat sitting on a window sill', 'A black cat sits on a window sill, looking at the rain outside.'],
    [],
    ['cat'],
  ),
  en(
    [
      'a glowing crystal in a cave',
      'A large purple crystal glows in the middle of a cave.',
      'The image shows a blue crystal in a dark cave.',
    ],
    ['colour'],
    [],
  ),
  en(
    [
      'a bowl of apples on a table',
      'Five red apples in a bowl on a wooden table.',
      'There are six apples in a bowl.',
    ],
    ['number'],
    ['bowl'],
  ),
  en(
    [
      'a dragon flying over a village',
      'A green dragon flies over a small village at night. The houses are burning.',
    ],
    [],
    ['dragon'],
  ),
  en(
    [
      'a child and a dog playing on the beach',
      'A boy and his dog are playing on the beach with a yellow ball.',
    ],
    [],
    ['dog'],
  ),
  zh(
    ['一个女人站在森林里，手里提着一盏灯笼', '图片中一位银发女子站在幽暗的森林里，手里提着一盏灯笼。'],
    [],
    ['灯笼'],
  ),
  zh(['山顶上有一座城堡', '这张图片展示了一座巨大的城堡，坐落在山顶上，天空中有两只鸟。'], [], ['城堡']),
  zh(['两匹马在田野里吃草', '画面中有三匹马在绿色的田野里吃草，旁边有一条河。'], ['number'], []),
  zh(['一个女孩在树下看书', '一个小男孩正在大树下看书。'], ['person'], []),
  zh(['一艘木船在海上航行，船上没有人', '海上有一艘木船，船上有几个人。'], ['negation'], ['船']),
  zh(['一只猫坐在窗台上', '一只黑色的猫坐在窗台上，望着窗外的雨。'], [], ['猫']),
  zh(
    ['山洞里有一块发光的水晶', '一块紫色的水晶在山洞中央发光。', '图中是一块蓝色的水晶，周围很暗。'],
    ['colour'],
    [],
  ),
  zh(['桌上有一碗苹果', '桌上放着五个红苹果。', '木桌上有六个苹果。'], ['number'], []),
  zh(['一条龙飞过村庄', '夜里，一条绿色的龙飞过一个小村庄，房屋在燃烧。'], [], ['龙']),
  zh(['一名骑士拿着剑，披着红色的斗篷', '画面中的骑士手持长剑，身披蓝色的斗篷。'], ['colour'], ['骑士']),
  zh(['一个孩子和一只狗在沙滩上玩', '一个男孩和他的狗在沙滩上玩耍，旁边有一个黄色的球。'], [], ['狗']),
  zh(['三个人走在山路上', '两名旅人走在山路上，远处是雪山。'], ['number'], []),
];

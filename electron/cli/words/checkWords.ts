import type { Attribute, FindingKind } from '#shared/consistency/findings.ts';

/** Words of the command `check`. */
export interface CheckWords {
  readonly help: { readonly check: string; readonly scene: string; readonly pictures: string };
  readonly kinds: Readonly<Record<FindingKind, string>>;
  readonly attributes: Readonly<Record<Attribute, string>>;
  readonly sheet: string;
  picture(file: string, source: string): string;
  found(count: number): string;
  clean: string;
  unasked(count: number): string;
}

export const checkEnglish: CheckWords = {
  help: {
    check: 'look for statements about characters, plot and time that exclude each other; changes nothing',
    scene: 'only what concerns this scene: its number, id or title',
    pictures: 'also ask a model that sees about the pictures of characters',
  },
  kinds: {
    look: 'looks',
    age: 'age',
    death: 'alive or dead',
    place: 'where',
    date: 'date',
    name: 'name',
    'place-name': 'place name',
    family: 'family',
  },
  attributes: {
    'hair.colour': 'hair colour',
    'hair.length': 'hair length',
    'eyes.colour': 'eye colour',
    'clothes.colour': 'clothes',
    height: 'height',
    build: 'build',
    hand: 'handedness',
    'mark.scar': 'scar',
    'mark.glasses': 'glasses',
    'mark.beard': 'beard',
    species: 'species',
    age: 'age',
    alive: 'dead, then acting',
    where: 'in two places',
    weekday: 'weekday',
    'time-of-day': 'time of day',
    spelling: 'spelling',
    brothers: 'brothers',
    sisters: 'sisters',
    siblings: 'brothers and sisters',
    children: 'children',
  },
  sheet: 'character sheet',
  picture: (file, source) => `picture ${file} (${source})`,
  found: (count) => (count === 1 ? '1 contradiction' : `${String(count)} contradictions`),
  clean: 'No contradictions found',
  unasked: (count) => `${String(count)} questions about pictures could not be asked`,
};

export const checkChinese: CheckWords = {
  help: {
    check: '查找人物、情节和时间上互相矛盾的说法；不改动任何内容',
    scene: '只查与这个场景有关的：编号、标识或标题',
    pictures: '同时就人物图片询问能看图的模型',
  },
  kinds: {
    look: '外貌',
    age: '年龄',
    death: '生死',
    place: '所在',
    date: '日期',
    name: '人名',
    'place-name': '地名',
    family: '家人',
  },
  attributes: {
    'hair.colour': '发色',
    'hair.length': '头发长短',
    'eyes.colour': '眼睛颜色',
    'clothes.colour': '衣着',
    height: '身高',
    build: '体型',
    hand: '惯用手',
    'mark.scar': '伤疤',
    'mark.glasses': '眼镜',
    'mark.beard': '胡子',
    species: '物种',
    age: '年龄',
    alive: '死后又行动',
    where: '同时在两处',
    weekday: '星期',
    'time-of-day': '时刻',
    spelling: '写法',
    brothers: '兄弟',
    sisters: '姐妹',
    siblings: '兄弟姐妹',
    children: '子女',
  },
  sheet: '人物设定',
  picture: (file, source) => `图片 ${file}（${source}）`,
  found: (count) => `${String(count)} 处矛盾`,
  clean: '没有发现矛盾',
  unasked: (count) => `有 ${String(count)} 个关于图片的问题没能提出`,
};

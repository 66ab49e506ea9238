import { type Person, personHead, type Statement, type Thing } from './Statement.ts';

const digits = new Map([...'零一二三四五六七八九'].map((digit, value) => [digit, value]));
digits.set('两', 2);

/** Words of measure between a number and its noun; `对` and `双` are two at once, `群` says no number. */
const measures = '只条头匹个位名张座棵株朵辆艘架把支本件双对群些片块间栋幢家种幅盏颗根束排座扇';
const counted = new RegExp(`([零一二两三四五六七八九十\\d]+|几|数|许多|很多)([${measures}])`, 'u');
const colour = /(红|蓝|绿|黄|白|黑|灰|紫|粉|橙|棕|褐|金|银)色的?|([红蓝绿黄白黑])(?![暗天夜昏金酒板领云])/u;

const personWords: readonly (readonly [RegExp, Person])[] = [
  [/男孩|男童|小伙子|少年/u, { gender: 'male', age: 'child' }],
  [/女孩|女童|少女|小姑娘|姑娘/u, { gender: 'female', age: 'child' }],
  [/男人|男子|男士|男性/u, { gender: 'male', age: 'adult' }],
  [/女人|女子|女士|女性|妇女/u, { gender: 'female', age: 'adult' }],
  [/孩子|小孩|儿童/u, { gender: null, age: 'child' }],
  [/老人|老者|成年人|大人/u, { gender: null, age: 'adult' }],
  [/人们|人物|有人|无人|(?<!机器|雪|工)人(?!行|群|工|类)/u, { gender: null, age: null }],
];
const anyPerson = new RegExp(personWords.map(([word]) => word.source).join('|'), 'gu');

const denial = /没有|没|无人|无|并非|不是|不见|看不到/u;
const openings =
  /^(?:(?:在)?(?:这张|这幅|该)?(?:图片|图像|照片|画面|图)(?:中|里|上)?(?:展示了|显示了|显示|描绘了|展现了|呈现了|是|有)?|(?:这是|这里有|可以看到|我们可以看到|其中有?|还有|以及|并且|同时|旁边有|背景(?:中|里)?有|背景是))/u;
const joining = new Set(
  '的 了 着 过 在 是 有 和 与 或 及 也 都 正 正在 里 中 上 下 旁 旁边 边 前 后 内 外 里面 上面 一 它 他 她 它们 他们 她们 这 那 这个 那个 地 得 被 把 从 向 到 对 着 并 而 则 还'.split(
    ' ',
  ),
);

const clausesOf = (caption: string): string[] =>
  caption
    .split(/[，。；！？、：,.;!?:\n]+|(?:和|以及|还有|与)(?=[零一二两三四五六七八九十几\d]|[他她它]们?的)/u)
    .map((clause) => {
      let text = clause.trim();
      for (let before = ''; before !== text; ) {
        before = text;
        text = text.replace(openings, '').trim();
      }
      return text;
    })
    .filter((clause) => /\p{Script=Han}/u.test(clause));

function numberOf(text: string, measure: string): number | null {
  if (measure === '群' || measure === '些') return null;
  const times = measure === '对' || measure === '双' ? 2 : 1;
  if (/^\d+$/u.test(text)) return Number(text) * times;
  const [tens = '', ones = ''] = text.includes('十') ? text.split('十') : ['0', text];
  const value =
    (digits.get(tens) ?? (tens === '' ? 1 : 0)) * 10 + (ones === '' ? 0 : (digits.get(ones) ?? Number.NaN));
  return Number.isNaN(value) ? null : value * times;
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const wordsOf = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment).filter(
    (word) => /[\p{Script=Han}\p{L}]/u.test(word) && !joining.has(word),
  );

const personOf = (text: string): Person | null => personWords.find(([word]) => word.test(text))?.[1] ?? null;

const wordOf = (text: string): string =>
  personWords.map(([word]) => word.exec(text)?.[0]).find((word) => word !== undefined) ?? '';

/** The noun at the beginning of a text; a person where one is among its first letters. */
function nounAt(text: string): (Pick<Thing, 'head' | 'person'> & { word: string }) | null {
  const near = text.slice(0, 6);
  const person = personOf(near);
  if (person) return { head: personHead, person, word: wordOf(near) };
  const plain = near.replace(/^.{1,3}的/u, '');
  const [head] = wordsOf(plain === '' ? text : plain);
  return head === undefined ? null : { head, person: null, word: head };
}

const colourIn = (text: string): string | null => {
  const match = colour.exec(text);
  return match ? (match[1] ?? match[2] ?? null) : null;
};

function thingsOf(text: string): Thing[] {
  const things: Thing[] = [];
  let rest = text;
  for (let match = counted.exec(rest); match; match = counted.exec(rest)) {
    rest = rest.slice(match.index + match[0].length);
    const next = counted.exec(rest);
    const phrase = next ? rest.slice(0, next.index) : rest;
    const found = nounAt(phrase.replace(new RegExp(colour, 'gu'), ''));
    if (!found) continue;
    const { word, ...noun } = found;
    const own = `${match[0]}${phrase.slice(0, phrase.indexOf(word) + word.length)}`;
    const shade = colourIn(phrase.slice(0, 6));
    const count = numberOf(match[1] ?? '', match[2] ?? '');
    things.push({ ...noun, text: own, count, colours: shade === null ? [] : [shade] });
  }
  if (things.length > 0) return things;
  const at = colour.exec(text);
  if (at) {
    const after = nounAt(text.slice(at.index + at[0].length));
    const before = wordsOf(text.slice(0, at.index)).at(-1);
    const shade = colourIn(at[0]);
    const { word, ...noun } = after ?? { head: before ?? '', person: null, word: '' };
    if (noun.head !== '' && shade !== null)
      return [
        {
          ...noun,
          text: after ? text.slice(at.index, text.indexOf(word, at.index) + word.length) : text,
          count: null,
          colours: [shade],
        },
      ];
  }
  const person = personOf(text);
  return person ? [{ text: wordOf(text), head: personHead, count: null, colours: [], person }] : [];
}

/** What follows a denial: its first noun. */
function deniedIn(text: string): Set<string> {
  const match = denial.exec(text);
  if (!match) return new Set();
  if (match[0] === '无人') return new Set([personHead]);
  const noun = nounAt(text.slice(match.index + match[0].length).replace(/^任何/u, ''));
  return new Set(noun ? [noun.head] : []);
}

/** The statements of a Chinese caption. */
export const chineseStatements = (caption: string): Statement[] =>
  clausesOf(caption).map((text) => {
    const plain = text
      .replace(new RegExp(counted, 'gu'), ' ')
      .replace(/(?<![没所拥具])有/gu, ' ')
      .replace(new RegExp(colour, 'gu'), ' ')
      .replace(new RegExp(denial, 'gu'), (word) => (word === '无人' ? '人' : ' '));
    const topic = new Set(wordsOf(plain.replace(anyPerson, ' ')));
    if (personOf(plain)) topic.add(personHead);
    return { text, topic, things: thingsOf(text), denied: deniedIn(text) };
  });

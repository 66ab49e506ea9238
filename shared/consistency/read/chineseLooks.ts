import { basicColours, colourPattern } from '../lexicon/colours.ts';
import { bodyParts, builds, eyeNouns, garments, heights, species } from '../lexicon/looks.ts';
import { allMatches, groupSpan, type Phrase, phraseAt, wordsOf } from './phrases.ts';

const colour = colourPattern.zh;
const hairNoun =
  '头发|秀发|发丝|鬓发|卷发|辫子|发辫|马尾|长发|短发|发(?![现生出觉起展动芽明亮抖烧热疯话问呆愁誓表布怒火送车誉])';

const hairBefore = new RegExp(
  `(?<word>${colour})(?<tint>色)?(?<gap>的|而|、|及腰|浓密|凌乱|卷曲|柔软|湿漉漉|乱|又){0,3}(?<length>[长短])?的?(?<noun>${hairNoun})`,
  'gu',
);
/** 黑发，灰眼睛: the colour after the comma is that of the next noun. */
const nextNoun = `(?!色?的?(?:大|小|长|短|圆)?(?:${eyeNouns.zh}|${wordsOf(garments.zh)}|皮肤|胡|脸|眉))`;
const hairAfter = new RegExp(
  `(?:头发|发|辫子)(?:是|已经|全|都|现在|又|仍|还|变|染|成|得|了|像|，|很|有些|也){0,4}(?<word>${colour})${nextNoun}`,
  'gu',
);
const hairLength =
  /(?<word>(?<=头发[^。，]{0,3}(?:剪|留|削|理)得(?:很|极|非常|特别|这么|那么)?)[长短]|[长短](?=[的]?头?发)|披肩(?=[的]?头?发)|及腰(?=的?[^。，]{0,3}发)|齐耳(?=的?[^。，]{0,2}发)|齐肩(?=的?[^。，]{0,2}发)|光头|秃顶|秃)(?:的)?(?:头发|发)?/gu;
const eyesBefore = new RegExp(
  `(?<word>${colour})(?:色)?的?(?:大|小|圆)?(?:${eyeNouns.zh})(?!镜|泪|前|下|看|光|神|界|见|角|罩)`,
  'gu',
);
const eyesAfter = new RegExp(
  `(?:${eyeNouns.zh})(?:是|已经|全|都|现在|变|成|得|了|仍|还|，|很|有些){0,3}(?<word>${colour})(?=色|的|，|。|得|$)`,
  'gu',
);

/** The words for hair, eyes, clothes, build, marks and kind in a Chinese sentence. */
export function chinesePhrases(text: string): Phrase[] {
  return [...hair(text), ...eyes(text), ...clothes(text), ...stature(text), ...marks(text), ...kinds(text)];
}

/** Words of a sheet's line that is about one thing only, such as 头发：短发，沙黄色. */
export function chineseField(attribute: 'hair' | 'eyes', text: string): Phrase[] {
  const found: Phrase[] = [];
  for (const match of allMatches(new RegExp(`(?<word>${colour})`, 'gu'), text)) {
    const values = basicColours(match[0], 'zh');
    if (values.length === 0) continue;
    const whole = { start: match.index, end: match.index + match[0].length };
    const told = attribute === 'hair' ? 'hair.colour' : 'eyes.colour';
    found.push(phraseAt(match, whole, { attribute: told, values, certainty: 0.9 }));
    break;
  }
  const length = attribute === 'hair' ? /[长短](?=发|$|，)|光头|秃/du.exec(text) : null;
  if (length) {
    const whole = { start: length.index, end: length.index + length[0].length };
    found.push(
      phraseAt(length, whole, {
        attribute: 'hair.length',
        values: [lengthOf(length[0])],
        certainty: 0.9,
      }),
    );
  }
  return found;
}

const lengthOf = (word: string): string =>
  /秃|光头/.test(word)
    ? 'none'
    : word === '短' || word === '齐耳'
      ? 'short'
      : word === '齐肩'
        ? 'medium'
        : 'long';

const colourPhrases = (pattern: RegExp, attribute: 'hair.colour' | 'eyes.colour', text: string): Phrase[] =>
  allMatches(pattern, text).flatMap((match) => {
    const span = groupSpan(match, 'word');
    if (!span) return [];
    const values = basicColours(text.slice(span.start, span.end), 'zh');
    if (values.length === 0) return [];
    return [phraseAt(match, span, { attribute, values, certainty: 0.9 })];
  });

function hair(text: string): Phrase[] {
  const found = [
    ...colourPhrases(hairBefore, 'hair.colour', text),
    ...colourPhrases(hairAfter, 'hair.colour', text),
  ];
  for (const match of allMatches(hairLength, text)) {
    const span = groupSpan(match, 'word');
    if (!span) continue;
    found.push(
      phraseAt(match, span, {
        attribute: 'hair.length',
        values: [lengthOf(text.slice(span.start, span.end))],
        certainty: 0.85,
      }),
    );
  }
  return found;
}

const eyes = (text: string): Phrase[] => [
  ...colourPhrases(eyesBefore, 'eyes.colour', text),
  ...colourPhrases(eyesAfter, 'eyes.colour', text),
];

const garment = new RegExp(
  `(?<word>${colour})(?:色)?的?(?:毛|布|绸|呢|皮|旧|新|小|大|长|短)?(?<noun>${wordsOf(garments.zh)})`,
  'gu',
);

function clothes(text: string): Phrase[] {
  return allMatches(garment, text).flatMap((match): Phrase[] => {
    const span = groupSpan(match, 'word');
    const noun = match.groups?.['noun'] ?? '';
    if (!span) return [];
    const values = basicColours(text.slice(span.start, span.end), 'zh');
    if (values.length === 0) return [];
    return [
      phraseAt(match, span, {
        attribute: 'clothes.colour',
        about: garments.zh[noun] ?? noun,
        values,
        certainty: /总是|永远|从不离|不管|一向/.test(text) ? 0.85 : 0.75,
      }),
    ];
  });
}

const height = new RegExp(
  `(?<word>${wordsOf(heights.zh)})|个子?(?:很|非常|十分|又|不)?(?<tall>高|矮)|身材(?:很|非常|十分|又)?(?<figure>高大|矮小|高|矮)`,
  'gu',
);
const build = /(?<![心不丰消])(?<word>[胖瘦])(?=子|得|瘦|胖|乎|，|。|了|的|、|高|小|$)/gu;

function stature(text: string): Phrase[] {
  const found: Phrase[] = [];
  for (const match of allMatches(height, text)) {
    const span = groupSpan(match, 'word') ?? groupSpan(match, 'tall') ?? groupSpan(match, 'figure');
    if (!span) continue;
    const word = text.slice(span.start, span.end);
    const value = heights.zh[word] ?? (word.includes('高') ? 'tall' : 'short');
    const negated = text.charAt(span.start - 1) === '不';
    if (!negated) found.push(phraseAt(match, span, { attribute: 'height', values: [value], certainty: 0.8 }));
  }
  for (const match of allMatches(/(?<word>高|矮)个子?/gu, text)) {
    const span = groupSpan(match, 'word');
    if (span)
      found.push(
        phraseAt(match, span, {
          attribute: 'height',
          values: [match[0].startsWith('高') ? 'tall' : 'short'],
          certainty: 0.8,
        }),
      );
  }
  for (const match of allMatches(build, text)) {
    const span = groupSpan(match, 'word');
    if (span)
      found.push(
        phraseAt(match, span, { attribute: 'build', values: [builds.zh[match[0]] ?? ''], certainty: 0.8 }),
      );
  }
  return found;
}

const scar = new RegExp(
  `(?<word>[左右]?[边侧]?(?:${wordsOf(bodyParts.zh)}))(?:上|边|处)?(?:的|有|带着|留着|横着|那){0,2}(?:一?[道条块处])?(?:旧|长|浅|淡|深)?(?:伤疤|刀疤|疤痕|疤)`,
  'gu',
);
const glasses =
  /(?<none>(?:没有?|不|从不|从来不|未)(?:曾)?戴[^。，]{0,3})?(?<worn>戴[着了]?[^。，不没]{0,6}|推了?推|扶了?扶|离不开|擦[着了]?|[他她](?:的|那副))?(?<word>眼镜)/gu;
const beard =
  /(?<none>(?:没有?|不|从不|从来没有?|没有|还没|未)(?:有|曾)?[留长蓄]?过?)?(?<own>[留长蓄][着了]?|捋了?捋|摸着|揪着|满脸|一脸|[他她自己的]+)?(?<adjective>浓密的|花白的|短短的|大|小|络腮|山羊|八字){0,2}(?<word>胡子|胡须|络腮胡|胡茬)|(?<shaven>脸刮得干干净净|刮得干干净净|面容白净，不留胡子|下巴光洁)/gu;
const handed = /(?<word>左撇子|(?:惯用|习惯用|惯使|擅用)(?:左|右)手|右撇子)/gu;

function marks(text: string): Phrase[] {
  const found: Phrase[] = [];
  for (const match of allMatches(handed, text)) {
    const span = groupSpan(match, 'word');
    if (span) {
      const value = /左/.test(match[0]) ? 'left' : 'right';
      found.push(phraseAt(match, span, { attribute: 'hand', values: [value], certainty: 0.9 }));
    }
  }
  for (const match of allMatches(scar, text)) {
    const span = groupSpan(match, 'word');
    if (!span) continue;
    const told = text.slice(span.start, span.end);
    const part = bodyParts.zh[told.replace(/^[左右][边侧]?/, '')] ?? '';
    const side = told.startsWith('左') ? 'left ' : told.startsWith('右') ? 'right ' : '';
    found.push(phraseAt(match, span, { attribute: 'mark.scar', values: [`${side}${part}`], certainty: 0.9 }));
  }
  for (const match of allMatches(glasses, text)) {
    const span = groupSpan(match, 'word');
    if (!span || (!match.groups?.['none'] && !match.groups?.['worn'])) continue;
    const none =
      match.groups['none'] !== undefined || /(?:没有?|不|从不|从来不)$/.test(text.slice(0, match.index));
    const off = /离不开/.test(match[0]);
    found.push(
      phraseAt(match, span, {
        attribute: 'mark.glasses',
        values: [none && !off ? 'no' : 'yes'],
        certainty: 0.8,
      }),
    );
  }
  for (const match of allMatches(beard, text)) {
    const span = groupSpan(match, 'word') ?? groupSpan(match, 'shaven');
    if (!span) continue;
    const shaven = match.groups?.['shaven'] !== undefined;
    const none =
      shaven ||
      match.groups?.['none'] !== undefined ||
      /(?:没|不|没有|从不|从未)$/.test(text.slice(0, match.index));
    if (!none && !match.groups?.['own'] && !match.groups?.['adjective']) continue;
    found.push(
      phraseAt(match, span, { attribute: 'mark.beard', values: [none ? 'no' : 'yes'], certainty: 0.8 }),
    );
  }
  return found;
}

const kind = wordsOf(species.zh);
const kindPattern = new RegExp(
  `(?:是?一[只条头匹个][^。，]{0,10}?|(?<=^|[，。“])[小老大]?)(?<word>${kind})`,
  'gu',
);

/** What kind of creature somebody is: 一只老獾, 狐狸灰爷爷, 小狗阿波. Whose it is, the reader decides. */
function kinds(text: string): Phrase[] {
  const found: Phrase[] = [];
  for (const match of allMatches(kindPattern, text)) {
    const span = groupSpan(match, 'word');
    const value = span ? species.zh[text.slice(span.start, span.end)] : undefined;
    if (span && value) {
      const told = phraseAt(match, span, {
        attribute: 'species',
        about: 'sheet',
        values: [value],
        certainty: 0.8,
      });
      found.push({ ...told, start: span.start });
    }
  }
  for (const match of allMatches(new RegExp(`[小老大]?(?<word>${kind})`, 'gu'), text)) {
    const span = groupSpan(match, 'word');
    const value = span ? species.zh[text.slice(span.start, span.end)] : undefined;
    if (span && value)
      found.push(
        phraseAt(match, span, {
          attribute: 'species',
          about: 'before-name',
          values: [value],
          certainty: 0.8,
        }),
      );
  }
  return found;
}

import { basicColours, colourPattern } from '../lexicon/colours.ts';
import {
  bodyParts,
  builds,
  eyeNouns,
  fillers,
  garments,
  hairNouns,
  heights,
  lengths,
  species,
} from '../lexicon/looks.ts';
import { englishPeople } from '../lexicon/people.ts';
import { allMatches, groupSpan, type Phrase, phraseAt, wordsOf } from './phrases.ts';

const colour = colourPattern.en;
const length = wordsOf(lengths.en);
const modifier = `(?:${colour}|${length}|${fillers})`;
const adjectives = `(?<adjectives>(?:${modifier})(?:(?:,?\\s+and\\s+|,\\s*|\\s+|-)(?:${modifier}))*)`;
const copula = "(?:is|was|are|were|had gone|had turned|had become|has gone|turned|went|'s)";
const adverbs =
  '(?:(?:cut|cropped|worn|kept|clipped|now|still|already|so|very|quite|rather|almost|nearly|a|an|all|of a)\\s+){0,2}';
const people = wordsOf(Object.fromEntries(Object.keys(englishPeople).map((noun) => [noun, ''])));

const before = (noun: string) =>
  new RegExp(`(?<![\\p{L}-])${adjectives}\\s+(?<noun>${noun})(?![\\p{L}])`, 'giu');
/** "Black hair, green eyes": the colour after the comma is that of the next noun. */
const nextNoun = `(?!(?:,?\\s+(?:and\\s+)?${modifier})*\\s+(?:eyes?|eyebrows|hair|skin|lips|cheeks|beard|moustache|${wordsOf(garments.en)})(?![\\p{L}-]))`;

const after = (noun: string) =>
  new RegExp(
    `(?<![\\p{L}-])(?<noun>${noun})(?![\\p{L}-])(?:,?\\s+(?:which|that)\\s+${copula}|\\s+${copula}|,|:)?\\s+${adverbs}${adjectives}(?![\\p{L}-])${nextNoun}`,
    'giu',
  );
const haired = new RegExp(
  `(?<![\\p{L}-])(?<adjectives>(?:${colour}|${length}|${fillers})(?:[- ](?:${colour}|${length}))?)-haired`,
  'giu',
);
const eyed = new RegExp(`(?<![\\p{L}-])(?<adjectives>${colour})-eyed`, 'giu');
const colourNoun =
  /(?<![\p{L}-])(?:an?\s+)?(?<adjectives>redhead|brunette|blonde?)(?![\p{L}-])(?!\s+(?:hair|curls|braids?|locks|plaits?|wig|wood|eyebrows|beard))/giu;
const toWaist =
  /(?<![\p{L}-])hair\s+(?:\p{L}+\s+){0,3}?(?:down\s+)?to\s+(?:his|her|their|the)\s+(?<adjectives>waist|hips|knees|shoulders|chin)/giu;
const bald = /(?<![\p{L}-])(?<adjectives>bald)(?![\p{L}-])/giu;

/** The words for hair, eyes, clothes, build, marks and kind in an English sentence. */
export function englishPhrases(text: string): Phrase[] {
  return [...hair(text), ...eyes(text), ...clothes(text), ...stature(text), ...marks(text), ...kinds(text)];
}

/** Words of a sheet's line that is about one thing only, such as "Hair: short, sandy". */
export function englishField(attribute: 'hair' | 'eyes', text: string): Phrase[] {
  const whole = { start: 0, end: text.length };
  return parse(attribute, text, whole, whole);
}

function parse(
  what: 'hair' | 'eyes',
  adjectives: string,
  at: { start: number },
  phrase: { start: number; end: number },
  sure = 0.9,
): Phrase[] {
  const found: Phrase[] = [];
  const colours = allMatches(
    new RegExp(`(?<![\\p{L}-])(?<word>${colour})(?![\\p{L}-])`, 'giu'),
    adjectives,
  ).flatMap((match) => {
    const values = basicColours(match[0].toLowerCase(), 'en');
    return values.length === 0 ? [] : [{ at: match.index, word: match[0], values }];
  });
  const plain = colours.filter(({ word }) => !/^(?:dark)$/i.test(word) || colours.length === 1);
  const [first] = plain;
  const last = plain.at(-1);
  if (first && last) {
    found.push({
      attribute: what === 'hair' ? 'hair.colour' : 'eyes.colour',
      about: '',
      values: [...new Set(plain.flatMap(({ values }) => values))],
      ...phrase,
      wordStart: at.start + first.at,
      wordEnd: at.start + last.at + last.word.length,
      certainty: sure,
    });
  }
  if (what === 'hair') {
    for (const match of allMatches(
      new RegExp(`(?<![\\p{L}-])(?:${length})(?![\\p{L}-])`, 'giu'),
      adjectives,
    )) {
      const value = lengths.en[match[0].toLowerCase()];
      if (value === undefined) continue;
      found.push({
        attribute: 'hair.length',
        about: '',
        values: [value],
        ...phrase,
        wordStart: at.start + match.index,
        wordEnd: at.start + match.index + match[0].length,
        certainty: sure,
      });
      break;
    }
  }
  return found;
}

const fromMatches = (pattern: RegExp, what: 'hair' | 'eyes', text: string): Phrase[] =>
  allMatches(pattern, text).flatMap((match) => {
    const span = groupSpan(match, 'adjectives');
    if (!span) return [];
    return parse(what, text.slice(span.start, span.end), span, {
      start: match.index,
      end: match.index + match[0].length,
    });
  });

function hair(text: string): Phrase[] {
  const found = [
    ...fromMatches(before(hairNouns.en), 'hair', text),
    ...fromMatches(after(hairNouns.en), 'hair', text),
    ...fromMatches(haired, 'hair', text),
  ];
  for (const match of allMatches(colourNoun, text)) {
    const span = groupSpan(match, 'adjectives');
    if (!span) continue;
    const word = match[0].replace(/^an?\s+/i, '').toLowerCase();
    const values = word === 'redhead' ? ['red'] : basicColours(word, 'en');
    found.push(phraseAt(match, span, { attribute: 'hair.colour', values, certainty: 0.85 }));
  }
  for (const [pattern, lengthOf] of [
    [toWaist, (word: string) => (/shoulder|chin/.test(word) ? 'medium' : 'long')],
    [bald, () => 'none'],
  ] as const) {
    for (const match of allMatches(pattern, text)) {
      const span = groupSpan(match, 'adjectives');
      if (!span) continue;
      found.push(
        phraseAt(match, span, { attribute: 'hair.length', values: [lengthOf(match[0])], certainty: 0.8 }),
      );
    }
  }
  return found;
}

const eyes = (text: string): Phrase[] => [
  ...fromMatches(before(eyeNouns.en), 'eyes', text),
  ...fromMatches(after(eyeNouns.en), 'eyes', text),
  ...fromMatches(eyed, 'eyes', text),
];

const garment = new RegExp(
  `(?<![\\p{L}-])(?<head>his|her|their|an?|the|\\p{L}+['’]s)?\\s*(?<adjectives>${modifier}(?:(?:,?\\s+and\\s+|,\\s*|\\s+)${modifier})*)\\s+(?<noun>${wordsOf(garments.en)})(?![\\p{L}-])`,
  'giu',
);

function clothes(text: string): Phrase[] {
  return allMatches(garment, text).flatMap((match): Phrase[] => {
    const span = groupSpan(match, 'adjectives');
    const noun = match.groups?.['noun']?.toLowerCase() ?? '';
    if (!span) return [];
    const adjective = text.slice(span.start, span.end);
    const colours = allMatches(new RegExp(`(?<![\\p{L}-])(?:${colour})(?![\\p{L}-])`, 'giu'), adjective);
    const [first] = colours;
    const last = colours.at(-1);
    if (!first || !last) return [];
    const owned = /^(?:his|her|their|\p{L}+['’]s)$/iu.test(match.groups?.['head'] ?? '');
    const lead = text.slice(0, match.index);
    const worn =
      /\b(?:wear(?:s|ing)?|wore|worn|dressed in|in|clad in|put on|had on|with|wrapped in|under|beneath|pulled on)\s+$/i.test(
        lead,
      );
    if (!owned && !worn) return [];
    return [
      {
        attribute: 'clothes.colour',
        about: garments.en[noun] ?? noun,
        values: [...new Set(colours.flatMap((one) => basicColours(one[0].toLowerCase(), 'en')))],
        start: match.index,
        end: match.index + match[0].length,
        wordStart: span.start + first.index,
        wordEnd: span.start + last.index + last[0].length,
        certainty: /\b(?:always|never without|whatever)\b/i.test(text) ? 0.85 : 0.75,
      },
    ];
  });
}

const stretches = `(?:(?:\\p{L}+-?)+,?\\s+){0,3}`;
const predicate = (list: string) =>
  new RegExp(
    `(?<![\\p{L}-])(?:is|was|were|had always been|had grown|looked)\\s+(?:not\\s+)?(?:very\\s+|quite\\s+|rather\\s+|so\\s+|too\\s+)?(?<adjectives>${list})(?![\\p{L}-])(?!\\s+(?:of|hair|time|way|stool|tree|grass))`,
    'giu',
  );
const attributive = (list: string) =>
  new RegExp(
    `(?<![\\p{L}-])(?<article>an?|the)\\s+${stretches}?(?<adjectives>${list})(?:,?\\s+(?:and\\s+)?(?:\\p{L}+-?)+){0,2}?,?\\s+(?:${people})(?![\\p{L}-])`,
    'giu',
  );
const leading = (list: string) =>
  new RegExp(`^(?:(?:\\p{L}+),\\s+)?(?<adjectives>${list})(?=[,.;]|\\s+(?:and|for|with|as)\\b|$)`, 'giu');
const afterComma = (list: string) =>
  new RegExp(`^\\p{Lu}\\p{L}*(?:,|\\s+and)\\s+(?<adjectives>${list})(?=[,.;]|\\s+and\\b)`, 'giu');

function stature(text: string): Phrase[] {
  const read = (attribute: 'height' | 'build', table: Readonly<Record<string, string>>): Phrase[] => {
    const list = wordsOf(table);
    return [predicate(list), attributive(list), leading(list), afterComma(list)].flatMap((pattern, index) =>
      allMatches(pattern, text).flatMap((match): Phrase[] => {
        const span = groupSpan(match, 'adjectives');
        if (!span) return [];
        const value = table[text.slice(span.start, span.end).toLowerCase()];
        if (value === undefined) return [];
        return [
          {
            attribute,
            about: '',
            values: [value],
            start: index === 1 ? match.index + match[0].length : span.start,
            end: match.index + match[0].length,
            wordStart: span.start,
            wordEnd: span.end,
            certainty: 0.8,
          },
        ];
      }),
    );
  };
  return [...read('height', heights.en), ...read('build', builds.en)];
}

const hand = /(?<![\p{L}-])(?<word>(?:left|right)-hand(?:ed|er)|southpaw)(?![\p{L}-])/giu;
const scarAt = new RegExp(
  `(?<![\\p{L}-])scar(?:\\s+(?:\\p{L}+\\s+){0,3}?)?\\s*(?:on|across|over|along|down|under|above|below|through|at)\\s+(?:his|her|their|the|its|one)?\\s*(?<word>(?:(?:left|right|upper|lower)\\s+)?(?:${wordsOf(bodyParts.en)}))(?![\\p{L}-])`,
  'giu',
);
const scarred = new RegExp(
  `(?<![\\p{L}-])scarred\\s+(?<word>(?:(?:left|right)\\s+)?(?:${wordsOf(bodyParts.en)}))(?![\\p{L}-])`,
  'giu',
);
const glasses =
  /(?<![\p{L}-])(?<lead>(?:his|her|their|\p{L}+['’]s|wear(?:s|ing)?|wore|worn|with|without|no|and|behind)\s+)?(?:(?:an?\s+pair\s+of|a|the|his|her|their|any|no)\s+)?(?<adjective>(?:round|thick|small|reading|steel-rimmed|wire-rimmed|horn-rimmed|gold-rimmed|cracked|heavy|dark|square|half-moon)\s+)*(?<word>glasses|spectacles|eyeglasses)(?![\p{L}-])/giu;
const drinking =
  /\b(?:wine|water|drinks?|drank|drained|filled|refill\w*|poured?|clink\w*|raised|emptied|toast\w*|table|tray|cupboard|shelf)\b/i;
const beard =
  /(?<![\p{L}-])(?<lead>(?:his|her|their|the|an?|no|any|\p{L}+['’]s)\s+)?(?:(?:thick|long|short|full|grey|gray|white|black|red|brown|neat|wild|bushy|old|great|little|small)\s+)*(?<word>beard|moustache|mustache|whiskers|bearded|clean-shaven|beardless)(?![\p{L}-])/giu;

function marks(text: string): Phrase[] {
  const found: Phrase[] = [];
  for (const match of allMatches(hand, text)) {
    const span = groupSpan(match, 'word');
    if (!span || /left-hand(?!ed|er)|right-hand(?!ed|er)/i.test(match[0])) continue;
    const value = /^right/i.test(match[0]) ? 'right' : 'left';
    found.push({
      attribute: 'hand',
      about: '',
      values: [value],
      ...span,
      wordStart: span.start,
      wordEnd: span.end,
      certainty: 0.9,
    });
  }
  for (const match of [...allMatches(scarAt, text), ...allMatches(scarred, text)]) {
    const span = groupSpan(match, 'word');
    if (!span) continue;
    const told = text.slice(span.start, span.end).toLowerCase();
    const part = bodyParts.en[told.split(/\s+/).at(-1) ?? ''] ?? '';
    const side = /^(left|right)/.exec(told)?.[1];
    found.push(
      phraseAt(match, span, {
        attribute: 'mark.scar',
        values: [side === undefined ? part : `${side} ${part}`],
        certainty: 0.9,
      }),
    );
  }
  if (!drinking.test(text)) {
    for (const match of allMatches(glasses, text)) {
      const span = groupSpan(match, 'word');
      if (!span) continue;
      const lead = (match.groups?.['lead'] ?? '').trim().toLowerCase();
      const context = text.slice(0, span.start);
      const none =
        /\b(?:no|without|never (?:wears?|wore|worn|needed)|not wear(?:ing)?|n['’]t wear)\s+(?:\p{L}+\s+){0,2}$/iu.test(
          context,
        ) && !/never\s+(?:\p{L}+\s+){0,2}without\s+(?:\p{L}+\s+)?$/iu.test(context);
      const temporary = none && /\bwithout\s+(?:his|her|their)\s/i.test(context.slice(-16));
      if ((lead === '' && !match.groups?.['adjective']) || temporary) continue;
      found.push(
        phraseAt(match, span, { attribute: 'mark.glasses', values: [none ? 'no' : 'yes'], certainty: 0.8 }),
      );
    }
  }
  for (const match of allMatches(beard, text)) {
    const span = groupSpan(match, 'word');
    if (!span) continue;
    const word = text.slice(span.start, span.end).toLowerCase();
    const context = text.slice(0, span.start);
    const none =
      /clean|beardless/.test(word) ||
      /\b(?:no|without(?: an?)?|never (?:grown?|had|worn)(?: an?)?|not (?:have|grown?)(?: an?)?|n['’]t (?:have|grown?)(?: an?)?)\s+(?:\p{L}+\s+)?$/iu.test(
        context,
      );
    const lead = (match.groups?.['lead'] ?? '').trim().toLowerCase();
    const has =
      /\b(?:his|her|their)$|['’]s$/i.test(lead) ||
      /\b(?:with|had|has|wore|wears|wearing|and|grown)\s+(?:an?\s+)?(?:\p{L}+\s+)*$/iu.test(context) ||
      /^(?:bearded|clean-shaven|beardless)$/.test(word);
    if (!none && !has) continue;
    found.push(
      phraseAt(match, span, { attribute: 'mark.beard', values: [none ? 'no' : 'yes'], certainty: 0.8 }),
    );
  }
  return found;
}

const kind = wordsOf(species.en);
const isKind = new RegExp(
  `(?<![\\p{L}-])(?:is|was)\\s+an?\\s+(?:\\p{L}+\\s+){0,3}?(?<word>${kind})(?![\\p{L}-])`,
  'giu',
);
const theKind = new RegExp(`(?<=\\p{Lu}\\p{L}+,?\\s+)the\\s+(?<word>${kind})(?![\\p{L}-])`, 'gu');
const aKind = new RegExp(
  `^(?:An?\\s+)?(?:\\p{L}+\\s+){0,3}?(?<word>${kind})(?=\\s+(?:who|which|that|with|from|of)\\b|[.,;]|$)`,
  'giu',
);

/** What kind of creature somebody is. "A badger who…" counts on a sheet alone, which the reader decides. */
function kinds(text: string): Phrase[] {
  return [isKind, theKind, aKind].flatMap((pattern, index) =>
    allMatches(pattern, text).flatMap((match): Phrase[] => {
      const span = groupSpan(match, 'word');
      const value = span ? species.en[text.slice(span.start, span.end).toLowerCase()] : undefined;
      if (!span || value === undefined) return [];
      return [
        {
          attribute: 'species',
          about: index === 2 ? 'sheet' : '',
          values: [value],
          start: index === 1 ? match.index : span.start,
          end: span.end,
          wordStart: span.start,
          wordEnd: span.end,
          certainty: 0.8,
        },
      ];
    }),
  );
}

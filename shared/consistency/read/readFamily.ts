import type { Language } from '../../story/scene.ts';
import type { Attribute } from '../findings.ts';
import { chineseNumber, englishNumber, parseNumber } from '../text/numbers.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { allMatches, groupSpan } from './phrases.ts';
import { stanceOf } from './stance.ts';
import { subjectOf } from './subject.ts';

type Relation = Extract<Attribute, 'brothers' | 'sisters' | 'siblings' | 'children'>;

const relationOf = (noun: string): Relation => {
  if (/brother|哥|弟|兄/.test(noun)) return /姐|妹|sister/.test(noun) ? 'siblings' : 'brothers';
  if (/sister|姐|妹/.test(noun)) return 'sisters';
  return /sibling|兄弟姐妹/.test(noun) ? 'siblings' : 'children';
};

const counted: Record<Language, RegExp> = {
  en: new RegExp(
    `(?<lead>has|had|have|with|his|her|their|\\p{L}+['’]s|of)\\s+(?:got\\s+|only\\s+|just\\s+|all\\s+)?(?<word>${englishNumber}|no|an?)\\s+(?:(?:older|younger|elder|little|big|small|grown)\\s+)?(?<noun>brothers?|sisters?|siblings?|children|child|sons?|daughters?)(?![\\p{L}-])`,
    'giu',
  ),
  zh: new RegExp(
    `(?<lead>只有|有|的)(?<word>${chineseNumber})个(?<noun>哥哥|弟弟|姐姐|妹妹|兄弟姐妹|兄弟|姐妹|孩子|儿子|女儿)`,
    'gu',
  ),
};
const existing: Record<Language, RegExp> = {
  en: /(?<lead>his|her|their|\p{L}+['’]s)\s+(?:(?:older|younger|elder|little|big|twin|dead)\s+)?(?<word>brothers?|sisters?)(?![\p{L}-])/giu,
  zh: /(?<lead>的)(?:亲|大|小|二|孪生)?(?<word>哥哥|弟弟|姐姐|妹妹)(?!们?家)/gu,
};
const onlyChild: Record<Language, RegExp> = {
  en: /(?<word>an only (?:child|son|daughter)|no (?:brothers or sisters|siblings))(?![\p{L}-])/giu,
  zh: /(?<word>独生[子女]|独苗|没有兄弟姐妹)/gu,
};

/** How many brothers, sisters and children somebody has. */
export function readFamily(passage: Passage): Reading[] {
  return passage.sentences.flatMap((sentence, index) => family(passage, sentence, index));
}

function family(passage: Passage, sentence: ReadSentence, index: number): Reading[] {
  const { language } = passage;
  const found: Reading[] = [];
  const add = (
    attribute: Relation,
    value: string,
    span: { start: number; end: number },
    from: number,
    certainty: number,
  ) => {
    const owner = familySubject(passage, sentence, index, from, span.end);
    if (!owner) return;
    const stance = stanceOf(sentence, language, from, span.end);
    if (stance.negated) return;
    found.push({
      characterId: owner.characterId,
      attribute,
      about: value === 'some' ? 'some' : '',
      values: [value],
      certainty: certainty * owner.certainty * stance.certainty,
      changes: false,
      start: sentence.start + span.start,
      end: sentence.start + span.end,
      sentence,
    });
  };
  for (const match of allMatches(onlyChild[language], sentence.text)) {
    const span = groupSpan(match, 'word');
    if (span) add('siblings', '0', span, match.index, 0.9);
  }
  for (const match of allMatches(counted[language], sentence.text)) {
    const span = groupSpan(match, 'word');
    if (!span) continue;
    const word = sentence.text.slice(span.start, span.end).toLowerCase();
    const value = word === 'no' ? 0 : /^an?$/.test(word) ? 1 : parseNumber(word);
    if (
      value === null ||
      (match.groups?.['lead'] === 'of' && !/\ball of$/i.test(sentence.text.slice(0, span.start).trim()))
    )
      continue;
    const relation = relationOf(match.groups?.['noun'] ?? '');
    const split = /son|daughter|儿子|女儿|older|younger|elder|little|big/.test(match[0]);
    if (split) continue;
    add(relation, String(value), span, leadEnd(match), 0.85);
  }
  for (const match of allMatches(existing[language], sentence.text)) {
    const span = groupSpan(match, 'word');
    if (span) add(relationOf(sentence.text.slice(span.start, span.end)), 'some', span, leadEnd(match), 0.8);
  }
  return found;
}

const leadEnd = (match: RegExpExecArray): number => match.index + (match.groups?.['lead']?.length ?? 0);

/** Whose relatives they are: the possessor, else the subject, the relatives themselves left aside. */
function familySubject(passage: Passage, sentence: ReadSentence, index: number, from: number, end: number) {
  const before = sentence.mentions
    .filter((mention) => mention.start < from && mention.end <= from + 1)
    .at(-1);
  if (before)
    return before.who === null || before.who === 'other'
      ? null
      : { characterId: before.who, certainty: before.certainty };
  return subjectOf(passage, index, from, end);
}

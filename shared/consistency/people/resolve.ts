import type { CharacterId } from '../../story/ids.ts';
import type { Language } from '../../story/scene.ts';
import type { Sentence } from '../text/sentences.ts';
import { isQuoted } from '../text/sentences.ts';
import type { CastMember, Gender } from './cast.ts';
import { findMentions, type Mention } from './mentions.ts';

/** Whom a mention means: a character, somebody outside the cast, or nobody that could be told. */
export interface Resolved extends Mention {
  readonly who: CharacterId | 'other' | null;
  /** 0…1. */
  readonly certainty: number;
}

/** Whoever looks at, speaks to or holds somebody does it to another: the pronoun after such words is not its subject. */
const seenByOther: Record<Language, RegExp> = {
  en: /^\s+(?:(?:had\s+)?(?:looked|gazed|stared|peered|glanced)\s+(?:back\s+|down\s+|up\s+|deep\s+)?(?:into|at)|met|(?:could not|couldn['’]t)\s+meet|fell in love with)\s+$/i,
  zh: /^(?:望着|看着|盯着|看见|瞧着|对|向|跟|给|替|为|抱着|拉着|扶着|打量着?|瞪着|问|叫|和|与|不敢看|望向|看向)$/,
};

type Candidate = { readonly who: CharacterId | 'other'; readonly gender: Gender | null };

/** Gives every mention of a text its person. Pronouns take the nearest earlier subject of their gender. */
export function resolveMentions(
  sentences: readonly Sentence[],
  language: Language,
  cast: readonly CastMember[],
  owner: CharacterId | null,
): Resolved[][] {
  const found = sentences.map((sentence) => findMentions(sentence.text, language, cast));
  const genders = votedGenders(sentences, found, cast, language);
  const genderOf = (mention: Mention): Gender | null =>
    mention.characterId === null ? mention.gender : (genders.get(mention.characterId) ?? null);
  let earlier: Candidate[] = [];
  return found.map((mentions, index) => {
    const sentence = sentences[index];
    const here: Candidate[] = [];
    let previous: Resolved | null = null;
    const resolved = mentions.map((mention): Resolved => {
      const result = ((): Resolved => {
        if (mention.kind === 'name') return { ...mention, who: mention.characterId, certainty: 1 };
        if (mention.kind === 'other') {
          const same = sentence ? sameAs(sentence.text, previous, mention, owner, language) : null;
          return { ...mention, who: same ?? 'other', certainty: same === null ? 1 : 0.9 };
        }
        if (owner !== null) return { ...mention, who: owner, certainty: 0.9 };
        const isObject =
          previous !== null &&
          sentence !== undefined &&
          seenByOther[language].test(sentence.text.slice(previous.end, mention.start));
        const others = isObject ? here.filter(({ who }) => who !== previous?.who) : here;
        return {
          ...mention,
          ...antecedent(
            mention.gender,
            others,
            earlier.filter(({ who }) => !isObject || who !== previous?.who),
          ),
        };
      })();
      const speaks = sentence !== undefined && isQuoted(sentence, mention.start);
      if (!speaks && result.who !== null && mention.kind !== 'pronoun') {
        here.push({ who: result.who, gender: genderOf(mention) });
      } else if (!speaks && result.who !== null && !mention.possessive) {
        here.push({ who: result.who, gender: result.gender });
      }
      previous = result;
      return result;
    });
    if (here.length > 0)
      earlier = [...here, ...earlier.filter((one) => !here.some(({ who }) => who === one.who))].slice(0, 6);
    return resolved;
  });
}

function antecedent(
  gender: Gender | null,
  here: readonly Candidate[],
  earlier: readonly Candidate[],
): { who: CharacterId | 'other' | null; certainty: number } {
  const fits = (one: Candidate) => gender === null || one.gender === null || one.gender === gender;
  const known = (one: Candidate) => gender !== null && one.gender === gender;
  const inSentence = unique(here.filter(fits));
  const exact = inSentence.filter(known);
  const [only] = exact;
  if (only && exact.length === 1) return { who: only.who, certainty: 0.9 };
  if (exact.length > 1) return { who: exact[0]?.who ?? null, certainty: 0.55 };
  const before = unique(earlier.filter(fits));
  const knownBefore = before.find(known);
  const [first] = inSentence;
  if (first) {
    if (knownBefore && knownBefore.who !== first.who) return { who: knownBefore.who, certainty: 0.6 };
    return { who: first.who, certainty: inSentence.length > 1 ? 0.5 : 0.85 };
  }
  if (knownBefore) return { who: knownBefore.who, certainty: 0.85 };
  const [subject] = before;
  if (!subject) return { who: null, certainty: 0 };
  return { who: subject.who, certainty: before.length > 1 ? 0.7 : 0.85 };
}

const unique = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter((one, at) => candidates.findIndex(({ who }) => who === one.who) === at);

/** "Mara was a girl", "Mara, a tall girl", 阿波是一只猫: the noun means the one before it. On a sheet nouns mean its owner. */
function sameAs(
  text: string,
  previous: Resolved | null,
  mention: Mention,
  owner: CharacterId | null,
  language: Language,
): CharacterId | null {
  const noun = text.slice(mention.start, mention.end);
  if (previous === null || previous.who === 'other') {
    if (owner === null || previous?.who === 'other') return null;
    const before = text.slice(0, mention.start);
    if (language === 'en') {
      return /\b(?:by|his|her|their|the|of|with|from|has|two|three|four|five|six|seven|for)\s+(?:[\p{L}-]+\s+){0,3}$/iu.test(
        before,
      ) || /s$/.test(noun)
        ? null
        : owner;
    }
    if (/[由被有跟和]\P{P}{0,4}$/u.test(before)) return null;
    if (/(?:^|[，。；])\P{P}{0,8}的[小大长独幼]?\P{P}{0,2}$/u.test(before)) return owner;
    return /的\P{P}{0,4}$/u.test(before) && kin.test(noun) ? null : owner;
  }
  if (previous.who === null) return null;
  const between = text.slice(previous.end, mention.start);
  if (language === 'en') {
    if (previous.possessive) return null;
    return /^(?:,|\s+(?:is|was|had been|became|remained))\s+(?:then\s+|now\s+|still\s+)?(?:an?|the)\s+(?:[\p{L}-]+,?\s+){0,4}$/u.test(
      between,
    )
      ? previous.who
      : null;
  }
  return /^(?:，|是|原是|本是|就是)(?:一|那|这)?[个位名只]?\P{P}{0,6}$/u.test(between) && !previous.possessive
    ? previous.who
    : null;
}

/** Chinese nouns for relatives. */
const kin = /[父母爸妈爹娘哥弟姐妹爷奶叔舅姑姨]|外公|外婆|丈夫|妻子|儿子|女儿/;

/** Genders that the text tells: pronouns in sentences that name one character alone. */
function votedGenders(
  sentences: readonly Sentence[],
  found: readonly (readonly Mention[])[],
  cast: readonly CastMember[],
  language: Language,
): Map<CharacterId, Gender> {
  const votes = new Map<CharacterId, number>();
  const vote = (id: CharacterId, gender: Gender | null, weight: number) => {
    if (gender !== null) votes.set(id, (votes.get(id) ?? 0) + (gender === 'm' ? weight : -weight));
  };
  let last: CharacterId | null = null;
  for (const [index, mentions] of found.entries()) {
    const sentence = sentences[index];
    if (!sentence) continue;
    const told = mentions.filter(({ start }) => !isQuoted(sentence, start));
    const people = told.filter(({ kind }) => kind !== 'pronoun');
    const names = [...new Set(people.flatMap(({ characterId }) => characterId ?? []))];
    const pronouns = told.filter(({ kind }) => kind === 'pronoun');
    const [only] = names;
    if (only !== undefined && names.length === 1 && people.every(({ kind }) => kind === 'name')) {
      for (const pronoun of pronouns) vote(only, pronoun.gender, pronoun.possessive ? 0.5 : 1);
    } else if (only !== undefined && language === 'zh') {
      const subject = pronouns.find(({ start }) => /[，,]$/.test(sentence.text.slice(0, start)));
      if (subject) vote(only, subject.gender, 0.6);
    }
    const [opening] = told;
    if (names.length === 0 && last !== null && opening?.kind === 'pronoun') vote(last, opening.gender, 0.6);
    last = only ?? (people.length > 0 ? null : last);
  }
  return new Map(
    cast.flatMap(({ id, gender }) => {
      const balance = votes.get(id) ?? 0;
      const told = gender ?? (balance > 0 ? 'm' : balance < 0 ? 'f' : null);
      return told === null ? [] : [[id, told] as const];
    }),
  );
}

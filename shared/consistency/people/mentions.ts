import type { CharacterId } from '../../story/ids.ts';
import type { Language } from '../../story/scene.ts';
import { chinesePeople, englishPeople, englishRelatives } from '../lexicon/people.ts';
import type { CastMember, Gender } from './cast.ts';

/** Somebody in a sentence: a character by name, a pronoun, or a person who is not in the cast. Offsets within the sentence. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly kind: 'name' | 'pronoun' | 'other';
  readonly characterId: CharacterId | null;
  readonly gender: Gender | null;
  /** "Mara's", "her", 她的: what follows belongs to them. */
  readonly possessive: boolean;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Finds names, pronouns and other people in a sentence, in order, without overlaps. */
export function findMentions(text: string, language: Language, cast: readonly CastMember[]): Mention[] {
  const taken: Mention[] = [];
  const take = (mention: Mention) => {
    if (taken.some(({ start, end }) => mention.start < end && mention.end > start)) return;
    taken.push(mention);
  };
  for (const { name, member } of namesLongestFirst(cast)) {
    const pattern = isHan(name)
      ? new RegExp(escaped(name), 'gu')
      : new RegExp(
          `(?<![\\p{L}\\p{N}])${escaped(name)}(?<possessive>['’]s?(?![\\p{L}]))?(?![\\p{L}\\p{N}])`,
          'gu',
        );
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      take({
        start: match.index,
        end,
        kind: 'name',
        characterId: member.id,
        gender: member.gender,
        possessive: match.groups?.['possessive'] !== undefined || text.charAt(end) === '的',
      });
    }
  }
  if (language === 'zh') chineseMentions(text, take);
  else englishMentions(text, take);
  return taken.toSorted((a, b) => a.start - b.start);
}

const namesLongestFirst = (cast: readonly CastMember[]) =>
  cast
    .flatMap((member) => member.names.map((name) => ({ name, member })))
    .toSorted((a, b) => b.name.length - a.name.length);

const relatives = new RegExp(`^(?:${englishRelatives})$`, 'i');

function englishMentions(text: string, take: (mention: Mention) => void): void {
  for (const match of text.matchAll(
    /(?<![\p{L}'’])(?:he|she|his|her|hers|him|himself|herself|their|they|them)(?![\p{L}])/giu,
  )) {
    const word = match[0].toLowerCase();
    if (word === 'himself' || word === 'herself') continue;
    const end = match.index + match[0].length;
    const gender = word.startsWith('th') ? null : word.startsWith('h') && !word.startsWith('her') ? 'm' : 'f';
    const possessive =
      word === 'his' || word === 'their' || (word === 'her' && /^\s+\p{L}/u.test(text.slice(end)));
    take({
      start: match.index,
      end,
      kind: 'pronoun',
      characterId: null,
      gender: word.startsWith('th') ? null : gender,
      possessive,
    });
  }
  for (const match of text.matchAll(/(?<![\p{L}'’-])(\p{L}+)(['’]s?)?(?![\p{L}-])/gu)) {
    const noun = (match[1] ?? '').toLowerCase();
    if (!Object.hasOwn(englishPeople, noun)) continue;
    const before = text.slice(0, match.index);
    if (!isNounPhrase(before, noun)) continue;
    take({
      start: match.index,
      end: match.index + match[0].length,
      kind: 'other',
      characterId: null,
      gender: englishPeople[noun] ?? null,
      possessive: match[2] !== undefined,
    });
  }
}

/** Whether a noun is headed by an article, a number, a possessor or an adjective, or is a relative: "the old man", "three boys". */
const isNounPhrase = (before: string, noun: string): boolean =>
  relatives.test(noun) ||
  /(?:^|[\s("“])(?:an?|the|this|that|these|those|some|any|no|every|each|two|three|four|five|six|seven|ten|several|many|his|her|their|its|my|your|our|another|other|\p{L}+['’]s?|old|young|little|strange)\s+(?:(?!(?:with|of|in|on|at|by|to|and|who|that|was|is|had|for|from)\s)[\p{L}-]+,?\s+){0,4}$/iu.test(
    before,
  ) ||
  /^(?:somebody|someone|everyone|nobody|another|others|people|strangers|soldiers)$/.test(noun) ||
  before.trim() === '';

function chineseMentions(text: string, take: (mention: Mention) => void): void {
  for (const [noun, gender] of chinesePeople) {
    for (const match of text.matchAll(new RegExp(noun, 'gu'))) {
      const end = match.index + noun.length;
      take({
        start: match.index,
        end,
        kind: 'other',
        characterId: null,
        gender,
        possessive: text.charAt(end) === '的',
      });
    }
  }
  for (const match of text.matchAll(/(?:[他她它]们?)(?=(的)?)/gu)) {
    const pronoun = match[0];
    if (pronoun.length > 1) continue;
    if (pronoun === '他' && text.charAt(match.index - 1) === '其') continue;
    const gender = pronoun === '她' ? 'f' : pronoun === '他' ? 'm' : null;
    take({
      start: match.index,
      end: match.index + 1,
      kind: 'pronoun',
      characterId: null,
      gender,
      possessive: match[1] !== undefined,
    });
  }
}

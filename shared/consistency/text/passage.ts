import type { CharacterId } from '../../story/ids.ts';
import type { Language } from '../../story/scene.ts';
import type { Attribute } from '../findings.ts';
import type { CastMember } from '../people/cast.ts';
import { type Resolved, resolveMentions } from '../people/resolve.ts';
import { type Sentence, sentencesOf } from './sentences.ts';

/** A sentence with who is in it and how far it tells what is so. */
export interface ReadSentence extends Sentence {
  readonly mentions: readonly Resolved[];
  /** A dream, a play: what it tells is not so. */
  readonly unreal: boolean;
}

/** A text ready to be read for facts. */
export interface Passage {
  readonly language: Language;
  /** Whose sheet or portrait it is: what has no other subject is about them. */
  readonly owner: CharacterId | null;
  readonly sentences: readonly ReadSentence[];
}

/** Something that a text tells. Offsets are UTF-16 in that text. */
export interface Reading {
  readonly characterId: CharacterId | null;
  readonly attribute: Attribute | 'born' | 'year' | 'acts' | 'passes' | 'word' | 'place-word';
  /** Which item, part of the body or time; empty where there is only one. */
  readonly about: string;
  readonly values: readonly string[];
  /** 0…1: how sure it is that this is told, of this person, as a fact. */
  readonly certainty: number;
  /** Told as a change: from here on it is so. */
  readonly changes: boolean;
  readonly start: number;
  readonly end: number;
  readonly sentence: Sentence;
}

const dreamStart: Record<Language, RegExp> = {
  en: /\b(?:dream(?:ed|t|s)?|nightmare|imagined|hallucinat\w+|pretended)\b/i,
  zh: /梦见|梦到|做梦|梦里|梦中|幻想|假装|想象/,
};
const dreamEnd: Record<Language, RegExp> = { en: /\b(?:woke|awoke|waking|awake)\b/i, zh: /醒/ };

/** Cuts a text into sentences and finds out who is in each. */
export function openPassage(
  text: string,
  language: Language,
  cast: readonly CastMember[],
  owner: CharacterId | null = null,
): Passage {
  const sentences = sentencesOf(text, language);
  const mentions = resolveMentions(sentences, language, cast, owner);
  let dreamingIn = -1;
  return {
    language,
    owner,
    sentences: sentences.map((sentence, index): ReadSentence => {
      if (dreamEnd[language].test(sentence.text)) dreamingIn = -1;
      if (dreamStart[language].test(sentence.text)) dreamingIn = sentence.paragraph;
      return { ...sentence, mentions: mentions[index] ?? [], unreal: dreamingIn === sentence.paragraph };
    }),
  };
}

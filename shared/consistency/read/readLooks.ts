import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { chinesePhrases } from './chineseLooks.ts';
import { englishPhrases } from './englishLooks.ts';
import type { Phrase } from './phrases.ts';
import { stanceOf } from './stance.ts';
import { subjectOf } from './subject.ts';

/** What a passage tells about how characters look. */
export function readLooks(passage: Passage): Reading[] {
  return passage.sentences.flatMap((sentence, index) => {
    const phrases = withoutRepeats(
      passage.language === 'zh' ? chinesePhrases(sentence.text) : englishPhrases(sentence.text),
    );
    return doubtful(phrases.flatMap((phrase) => readingOf(passage, sentence, index, phrase) ?? []));
  });
}

/** Two colours of one thing in one sentence are hardly of one person: the later is somebody else's, whoever that may be. */
const doubtful = (readings: readonly Reading[]): Reading[] =>
  readings.map((one) => {
    const isSecond = readings.some(
      (other) =>
        other.start < one.start &&
        other.characterId === one.characterId &&
        other.attribute === one.attribute &&
        other.about === one.about &&
        !one.changes &&
        !one.values.some((value) => other.values.includes(value)),
    );
    return isSecond ? { ...one, certainty: one.certainty * 0.4 } : one;
  });

/** One reading of each attribute at a place: patterns overlap. */
const withoutRepeats = (phrases: readonly Phrase[]): Phrase[] =>
  phrases.filter(
    (one, at) =>
      phrases.findIndex(
        (other) =>
          other.attribute === one.attribute &&
          other.about === one.about &&
          one.wordStart < other.wordEnd &&
          one.wordEnd > other.wordStart,
      ) === at,
  );

function readingOf(passage: Passage, sentence: ReadSentence, index: number, phrase: Phrase): Reading | null {
  const subject =
    phrase.attribute === 'species'
      ? speciesSubject(passage, sentence, phrase)
      : subjectOf(passage, index, phrase.start, phrase.end);
  if (!subject) return null;
  const stance = stanceOf(sentence, passage.language, phrase.start, phrase.wordEnd);
  const isPresence = phrase.attribute === 'mark.glasses' || phrase.attribute === 'mark.beard';
  if (stance.negated && !isPresence) return null;
  return {
    characterId: subject.characterId,
    attribute: phrase.attribute,
    about: phrase.attribute === 'species' ? '' : phrase.about,
    values: phrase.values,
    certainty: phrase.certainty * subject.certainty * stance.certainty,
    changes: stance.changes && /^(?:hair|eyes|mark\.beard|mark\.glasses|hand)/.test(phrase.attribute),
    start: sentence.start + phrase.wordStart,
    end: sentence.start + phrase.wordEnd,
    sentence,
  };
}

function speciesSubject(
  passage: Passage,
  sentence: ReadSentence,
  phrase: Phrase,
): ReturnType<typeof subjectOf> {
  if (phrase.about === 'sheet') {
    return passage.owner === null ? null : { characterId: passage.owner, certainty: 1 };
  }
  if (phrase.about === 'before-name') {
    const name = sentence.mentions.find(({ kind, start }) => kind === 'name' && start === phrase.end);
    return name?.who && name.who !== 'other' ? { characterId: name.who, certainty: 1 } : null;
  }
  const name = sentence.mentions.filter(({ kind, end }) => kind === 'name' && end <= phrase.start).at(-1);
  if (!name || name.possessive || name.who === null || name.who === 'other') return null;
  const between = sentence.text.slice(name.end, phrase.start);
  return /^,?\s+(?:the\s+)?$/.test(between) || /^\s+(?:is|was)\s+an?\s+(?:\p{L}+\s+){0,3}$/u.test(between)
    ? { characterId: name.who, certainty: 1 }
    : null;
}

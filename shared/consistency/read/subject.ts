import type { CharacterId } from '../../story/ids.ts';
import type { Passage, ReadSentence } from '../text/passage.ts';

/** Whom a phrase is about, and how sure that is. */
export interface Subject {
  readonly characterId: CharacterId;
  readonly certainty: number;
}

/**
 * The person that the phrase at [start, end) belongs to: whoever possesses it or stands right before it; in Chinese also
 * whoever follows it after 的. Nobody where that is somebody outside the cast.
 */
export function subjectOf(passage: Passage, index: number, start: number, end: number): Subject | null {
  const sentence = passage.sentences[index];
  if (!sentence) return null;
  const { mentions, text } = sentence;
  if (passage.language === 'zh') {
    const following = mentions.find(
      (mention) =>
        mention.start >= end &&
        /^(?:个?子)?(?:色?的\P{P}{0,3})?$/u.test(text.slice(end, mention.start)) &&
        mention.kind !== 'pronoun',
    );
    const gap = following ? text.slice(end, following.start) : '';
    if (
      following &&
      (gap.includes('的') || (gap === '' && following.kind !== 'name') || following.kind === 'other')
    ) {
      if (following.who === 'other') return passage.owner !== null ? own(passage.owner) : null;
      if (following.who !== null && gap.includes('的'))
        return { characterId: following.who, certainty: following.certainty };
    }
  }
  if (passage.language === 'en') {
    const described = mentions.find(
      ({ kind, start: at }) =>
        kind === 'other' && at >= end && /^\s+(?:[\p{L}-]+\s+)?$/u.test(text.slice(end, at)),
    );
    if (described)
      return described.who === 'other' || described.who === null
        ? null
        : { characterId: described.who, certainty: described.certainty };
  }
  const inside = mentions.find(
    (mention) => mention.start >= start && mention.end <= end && mention.possessive,
  );
  const before = mentions.filter((mention) => mention.end <= start).at(-1);
  const nearest = inside ?? before;
  if (nearest) {
    if (nearest.who === 'other' || nearest.who === null) return null;
    return { characterId: nearest.who, certainty: nearest.certainty };
  }
  if (passage.owner !== null) return own(passage.owner);
  return topicBefore(passage.sentences, index, passage.language === 'zh');
}

const own = (characterId: CharacterId): Subject => ({ characterId, certainty: 1 });

/** A sentence without a person goes on about the one before it: usual in Chinese, rare in English. */
function topicBefore(sentences: readonly ReadSentence[], index: number, isUsual: boolean): Subject | null {
  const here = sentences[index];
  for (let at = index - 1; at >= Math.max(0, index - 2); at--) {
    const sentence = sentences[at];
    const topic = sentence?.mentions.find(({ possessive }) => !possessive) ?? sentence?.mentions[0];
    if (!sentence || !topic) continue;
    if (sentence.paragraph !== here?.paragraph || topic.who === 'other' || topic.who === null) return null;
    return { characterId: topic.who, certainty: isUsual ? 0.8 : 0.55 };
  }
  return null;
}

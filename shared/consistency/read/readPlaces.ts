import type { Language } from '../../story/scene.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { isQuoted } from '../text/sentences.ts';
import { allMatches, groupSpan } from './phrases.ts';
import { stanceOf } from './stance.ts';

const timeOf: Record<Language, RegExp> = {
  en: /\b(?<same>same\s+)?(?<part>morning|afternoon|evening|night|midnight|noon|weekend)\b/iu,
  zh: /(?<same>同一[天个]|同[天日]|当)?(?<part>早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜晚|夜|晚)/u,
};
const isSame: Record<Language, RegExp> = {
  en: /\b(?:that|the|at the) (?:very )?same\b|\bthat very\b|\bmeanwhile\b/i,
  zh: /同一[天个]|同时|就在那[天个]?[晚夜]/,
};
const holds: Record<Language, RegExp> = {
  en: /\b(?:that|this|all|the whole|the entire)\s+(?:same\s+)?(?:morning|afternoon|evening|night|weekend)\b|\bthat same\b|\bat (?:midnight|noon)\b/i,
  zh: /那天(?:早上|晚上|下午|夜里|中午)|那晚|当晚|那天夜里|整个(?:晚上|下午|上午)|整[晚夜]|同一[天个](?:晚上|下午|早上|夜里)/,
};
const placed: Record<Language, RegExp> = {
  en: /^\s+(?:was|were|had been|stayed|sat|slept|lay|stood|remained|waited|danced|dined|played)\s+(?:still\s+|already\s+|alone\s+)?(?<words>(?:in|at|on|aboard|inside)\s+(?:the\s+|an?\s+|his\s+|her\s+)?(?<place>\p{L}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*)*))/u,
  zh: /^(?:都|一直|还|正|就|独自|一个人)?(?<words>(?:待在|坐在|留在|睡在|守在|在)(?<place>[^，。！？；、]{1,8}?))(?=里|上|中|下|，|。|修|睡|坐|跟|和|喝|吃|看|写|弹|值|一直|陪)/u,
};
const notPlaces =
  /^(?:love|time|bed|tears|trouble|silence|fact|charge|front|case|pain|mourning|danger|first|last|once|least|home in|way|hurry)$/i;
const parts: Readonly<Record<string, string>> = {
  morning: 'morning',
  afternoon: 'afternoon',
  evening: 'night',
  night: 'night',
  midnight: 'night',
  noon: 'noon',
  weekend: 'weekend',
  早上: 'morning',
  早晨: 'morning',
  上午: 'morning',
  中午: 'noon',
  下午: 'afternoon',
  傍晚: 'night',
  晚上: 'night',
  夜里: 'night',
  夜晚: 'night',
  夜: 'night',
  晚: 'night',
};

/** Where somebody was at a told part of the day. `about` is the part; `changes` says that it is the same one as before. */
export function readPlaces(passage: Passage): Reading[] {
  const { language } = passage;
  return passage.sentences.flatMap((sentence): Reading[] => {
    if (sentence.unreal || !holds[language].test(sentence.text)) return [];
    const part = parts[(timeOf[language].exec(sentence.text)?.groups?.['part'] ?? '').toLowerCase()];
    if (part === undefined) return [];
    return sentence.mentions.flatMap((mention): Reading[] => {
      if (
        mention.who === null ||
        mention.who === 'other' ||
        mention.possessive ||
        isQuoted(sentence, mention.start)
      )
        return [];
      const match = placedAfter(sentence, mention.end, language);
      if (!match) return [];
      const span = groupSpan(match, 'words');
      const place = (match.groups?.['place'] ?? '').trim();
      if (!span || place === '' || notPlaces.test(place)) return [];
      const stance = stanceOf(sentence, language, mention.start, mention.end);
      return [
        {
          characterId: mention.who,
          attribute: 'where',
          about: part,
          values: [place.toLowerCase()],
          certainty: 0.8 * mention.certainty * stance.certainty,
          changes: isSame[language].test(sentence.text),
          start: sentence.start + mention.end + span.start,
          end: sentence.start + mention.end + span.end,
          sentence,
        },
      ];
    });
  });
}

const placedAfter = (sentence: ReadSentence, end: number, language: Language): RegExpExecArray | undefined =>
  allMatches(placed[language], sentence.text.slice(end))[0];

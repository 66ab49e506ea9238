import type { CastMember } from '../people/cast.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { soundsLike } from './homophones.ts';
import { allMatches } from './phrases.ts';

const introduced =
  /\b(?:called|named|brother|sister|cousin|uncle|aunt|friend|mother|father|son|daughter|wife|husband|Mrs?|Miss|Dr|twin)\s+$/i;
const introducedHan =
  /(?:叫|名叫|叫做|名字是|妹妹|姐姐|哥哥|弟弟|堂妹|堂姐|表妹|表姐|表哥|表弟|朋友|同学|妻子|丈夫|女儿|儿子)$/;
const placeSuffix = '镇村城县市乡湖港岛寺桥巷街谷堡庄屯寨';

/** Words that may be names: capitalised ones in English, near homophones of the cast's names and places in Chinese. */
export function readNames(passage: Passage, cast: readonly CastMember[]): Reading[] {
  return passage.sentences.flatMap((sentence) =>
    passage.language === 'zh' ? [...hanNames(sentence, cast), ...hanPlaces(sentence)] : latinWords(sentence),
  );
}

const word = (
  sentence: ReadSentence,
  attribute: 'word' | 'place-word',
  text: string,
  start: number,
  about: string,
  certainty: number,
  characterId: Reading['characterId'] = null,
): Reading => ({
  characterId,
  attribute,
  about,
  values: [text],
  certainty,
  changes: false,
  start: sentence.start + start,
  end: sentence.start + start + text.length,
  sentence,
});

function latinWords(sentence: ReadSentence): Reading[] {
  return allMatches(/(?<![\p{L}'’-])\p{Lu}\p{Ll}{3,}(?![\p{L}])/gu, sentence.text).map((match) => {
    const isIntroduced = introduced.test(sentence.text.slice(0, match.index));
    return word(sentence, 'word', match[0], match.index, isIntroduced ? 'introduced' : '', 0.9);
  });
}

function hanNames(sentence: ReadSentence, cast: readonly CastMember[]): Reading[] {
  const { text } = sentence;
  const found: Reading[] = [];
  const known = new Set(cast.flatMap(({ names }) => names));
  for (const member of cast) {
    for (const name of member.names) {
      if (!/^\p{Script=Han}{2,4}$/u.test(name)) continue;
      for (let at = 0; at + name.length <= text.length; at++) {
        const window = text.slice(at, at + name.length);
        const likeness = oneSoundApart(name, window);
        if (likeness === 0 || known.has(window)) continue;
        const before = text.slice(0, at);
        const after = text.slice(at + name.length);
        if (
          name.length === 2 &&
          !(
            /(?:^|[，。“、把对向跟和与被给])$/.test(before) &&
            /^(?:[说道问笑走的，。在站坐看把和跟是又也]|$)/.test(after)
          )
        )
          continue;
        const about = introducedHan.test(before) ? 'introduced' : '';
        found.push(word(sentence, 'word', window, at, about, 0.85 * likeness, member.id));
      }
    }
  }
  return found;
}

/** 1 where the words differ in one character that sounds the same, 0.7 where it nearly does, else 0. */
export function oneSoundApart(a: string, b: string): number {
  if (a.length !== b.length) return 0;
  let different = -1;
  for (let at = 0; at < a.length; at++) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    if (different >= 0) return 0;
    different = at;
  }
  return different < 0 ? 0 : soundsLike(a.charAt(different), b.charAt(different));
}

/** Two characters and 镇, 村, 城 and the like. */
function hanPlaces(sentence: ReadSentence): Reading[] {
  return allMatches(new RegExp(`(?=(?<word>\\p{Script=Han}{2}[${placeSuffix}]))`, 'gu'), sentence.text).map(
    (match) => word(sentence, 'place-word', match.groups?.['word'] ?? '', match.index, '', 0.8),
  );
}

import type { CharacterId } from '../../story/ids.ts';
import type { Language } from '../../story/scene.ts';
import type { Passage, Reading, ReadSentence } from '../text/passage.ts';
import { isQuoted } from '../text/sentences.ts';
import { stanceOf } from './stance.ts';

const mentionOf = (sentence: ReadSentence) =>
  sentence.mentions.filter(
    (mention): mention is typeof mention & { who: CharacterId } =>
      mention.who !== null && mention.who !== 'other' && mention.certainty >= 0.8,
  );

/** Words after a name that say it is dead, and words before a name that do. */
const deathAfter: Record<Language, RegExp> = {
  en: /^(?:\s+had)?\s+(?:died|drowned|perished|passed away|(?:was|is|lay) dead|(?:was|were|had been) (?:killed|buried|murdered|hanged|shot dead|laid to rest)|breathed (?:his|her) last)\b|^['’]s\s+(?:funeral|grave|burial|corpse|coffin|body was|death)\b/i,
  zh: /^(?:已经|终于|就|当场|昨夜|那夜|也)?(?:死了|去世|过世|病逝|断了?气|咽了?气|咽下最后一口气|牺牲|阵亡|遇害|淹死|被杀|被害|撒手人寰)|^的(?:葬礼|坟|墓|灵柩|遗体|尸体|棺材|死讯)/,
};
const deathBefore: Record<Language, RegExp> = {
  en: /\b(?:buried|funeral of|grave of|burial of|death of|killed|murdered|body of|the late)\s+$/i,
  zh: /(?:埋葬了?|安葬了?|杀死了?|杀害了?|葬了)$/,
};
const buried = /^(?:埋|葬|安葬|火化)/;
const neverDied: Record<Language, RegExp> = {
  en: /\b(?:almost|nearly|not|never|n['’]t|if|would|could|might|feared|thought|believed|as if|pretend\w*|want\w*|wish\w*|plan\w*|will|tried|to)\b/i,
  zh: /差点|几乎|没有|没死|要是|如果|以为|假装|想要|打算|会不会|险些/,
};

/** A name that does something now: said, asked and the like, before or after it, or any verb in the past. */
const irregular =
  'said|went|came|took|sat|stood|lit|ran|told|gave|put|made|got|held|found|saw|looked|rode|drove|rose|fell|ate|drank|spoke|began|brought|bought|caught|threw|sang|slept|woke|shook|shut|set|let|led|left|wrote|read|kept|knew|heard|met|paid|sold|sent|swam|wore|won|bent|drew|flew|hid|hung|laid|rang|swung|struck|swore|swept|turned|knelt|spat|bit|blew|broke|built|cut|dug|forgot|lent|rode|stole|stuck|tore|understood';
const actsAfter: Record<Language, RegExp> = {
  en: new RegExp(
    `^\\s+(?:(?:\\p{L}+ly|then|only|just|still)\\s+)?(?<verb>${irregular}|(?!died|buried|killed|named|called|supposed|loved|used|dreamed)\\p{L}{2,}ed)(?![\\p{L}-])`,
    'iu',
  ),
  zh: /^(?:又|便|就|也|还|正|却|忽然|突然|终于|慢慢|轻轻)?(?:(?:把|跟|和|与|向|对|给|替)[^。，]{1,8}?)?都?(?<verb>说|问|笑|走|跑|站|坐|拿|扛|打开|拉开|推|点|生起|讲|看|望|喊|叫道|答|点头|摇头|端|举|抬|转身|伸|递|吃|喝|唱|骑|回到|来到|去了|爬|跳|弹|敲|捡|扔|写下|抱|牵|拍|挥|指|跪)/,
};
const actsBefore =
  /(?:^|[,”"’\s])(?:said|asked|replied|answered|cried|shouted|whispered|laughed|muttered|called)\s+$/i;
const remembered: Record<Language, RegExp> = {
  en: /\b(?:ghost|spirit|memory|memories|remember\w*|dream\w*|photograph|portrait|letter|diary|grave|tomb|coffin|would|could|might|had|used to|once|ago|earlier|before (?:he|she) died|in life|voice of|haunt\w*|if|as though|as if|imagin\w*|recall\w*|thought of|when .* alive|was alive)\b/i,
  zh: /鬼|魂|想起|记得|回忆|梦|照片|画像|遗|信里|日记|坟|墓|要是|如果|生前|活着的时候|从前|当年|曾|以前|仿佛|好像|本该|会(?:生|讲|说)|当初|那时|那年/,
};

/** Who dies, and who does something: somebody dead cannot. */
export function readLives(passage: Passage): Reading[] {
  return passage.sentences.flatMap((sentence) => [...deaths(passage, sentence), ...acts(passage, sentence)]);
}

const reading = (
  sentence: ReadSentence,
  characterId: CharacterId,
  attribute: 'alive' | 'acts',
  start: number,
  end: number,
  certainty: number,
): Reading => ({
  characterId,
  attribute,
  about: '',
  values: [attribute === 'alive' ? 'dead' : 'acts'],
  certainty,
  changes: false,
  start: sentence.start + start,
  end: sentence.start + end,
  sentence,
});

function deaths({ language }: Passage, sentence: ReadSentence): Reading[] {
  return mentionOf(sentence).flatMap((mention) => {
    const before = sentence.text.slice(0, mention.start);
    const stem = mention.possessive && language === 'en' ? mention.end - 2 : mention.end;
    const after = sentence.text.slice(mention.possessive && language === 'en' ? stem : mention.end);
    const told = deathAfter[language].exec(after);
    const lead =
      deathBefore[language].exec(before) ??
      (language === 'zh' && /把$/.test(before) && buried.test(after) ? ['把'] : null);
    if (!told && !lead) return [];
    const clause = before.slice(Math.max(before.lastIndexOf(','), before.lastIndexOf('，')) + 1);
    if (neverDied[language].test(clause)) return [];
    const stance = stanceOf(sentence, language, mention.start, mention.end);
    const end = told ? stem + told[0].length : mention.end + (language === 'zh' ? 1 : 0);
    const start = lead ? before.length - lead[0].length : mention.start;
    return [
      reading(
        sentence,
        mention.who,
        'alive',
        start,
        end,
        0.9 * mention.certainty * Math.max(stance.certainty, isQuoted(sentence, mention.start) ? 0 : 0.5),
      ),
    ];
  });
}

function acts({ language }: Passage, sentence: ReadSentence): Reading[] {
  if (sentence.unreal || remembered[language].test(sentence.text)) return [];
  return mentionOf(sentence).flatMap((mention) => {
    if (mention.kind !== 'name' || mention.possessive || isQuoted(sentence, mention.start)) return [];
    const before = sentence.text.slice(0, mention.start);
    if (language === 'zh' && /[把被给对向跟和与在为替叫看拍扶像让使]$/.test(before)) return [];
    const verb = actsAfter[language].exec(sentence.text.slice(mention.end));
    const said = language === 'en' && actsBefore.test(before);
    const subject =
      language === 'zh' ||
      /(?:^|[,.;:”"—–-]\s*|\b(?:and|but|then|while|as|when|until|so|because|where|that|whom)\s+|^\p{L}+ly,?\s+)(?:(?:Old|Young|Captain|Sister|Dr|Mrs?|Inspector|Professor|Lieutenant|Countess)\.?\s+)?$/u.test(
        before,
      );
    if (!said && !(verb && subject)) return [];
    const end = verb ? mention.end + verb[0].length : mention.end;
    const start =
      said && !verb ? mention.start - (actsBefore.exec(before)?.[0].trimStart().length ?? 0) : mention.start;
    return [reading(sentence, mention.who, 'acts', start, end, 0.85)];
  });
}

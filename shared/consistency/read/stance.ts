import type { Language } from '../../story/scene.ts';
import type { ReadSentence } from '../text/passage.ts';
import { isQuoted } from '../text/sentences.ts';

/** How far a sentence stands behind a phrase of it. `certainty` 0: it does not say so at all. */
export interface Stance {
  readonly certainty: number;
  readonly negated: boolean;
  readonly changes: boolean;
}

interface Cues {
  /** Before the phrase in the sentence: it is only thought of. */
  readonly unreal: RegExp;
  /** Before the phrase: it was so once. */
  readonly past: RegExp;
  /** Directly before the phrase. */
  readonly negation: RegExp;
  readonly simile: RegExp;
  /** Anywhere in the sentence: not their own. */
  readonly guise: RegExp;
  /** Before the phrase: only looked so. */
  readonly seeming: RegExp;
  readonly change: RegExp;
}

const cues: Record<Language, Cues> = {
  en: {
    unreal:
      /\b(?:if|would|could|might|should|wish(?:ed|es)?|hoped?|imagin\w+|pretend\w*|suppose\w*|perhaps|maybe|as if|as though|wonder\w*|claim\w*|rumou?r\w*|ought|expected|instead of|rather than|compared)\b/i,
    past: /\b(?:once|used to|formerly|(?:when|since|until|while|before) (?:he|she|they|\p{Lu}\p{L}+) (?:was|were)|as an? (?:child|boy|girl|baby)|years? (?:ago|before|earlier)|in those days|photographs?|portraits?|painting|remember\w*|had (?:\p{L}+ ){0,2}(?:been|worn|had|come)(?=[^,;]*$)|in (?:his|her|their) youth)\b/iu,
    negation:
      /\b(?:not|never|no longer|no|nor|neither|without|hardly|n['’]t)(?:\s+(?:yet|at all|really|very|especially|wear|wearing|have|had|ever|worn|any|a|an|grown?|one|been|his|her|their))*\s*$/i,
    simile: /\b(?:like|as \p{L}+ as)\s+(?:an?\s+|the\s+|two\s+|some\s+)?(?:\p{L}+\s+){0,2}$/iu,
    guise: /\b(?:wigs?|mask(?:ed|s)?|disguis\w+|costumes?|painted face|statue|doll|puppet|mirage)\b/i,
    seeming:
      /\b(?:looked|seemed|appeared|shone|gleamed|glowed|glinted|turned)\b(?=.*\b(?:almost|moon\w*|lamp\w*|fire\w*|sun\w*|candle\w*|light|dusk|nearly)\b)|\b(?:moonlight|lamplight|firelight|candlelight|sunset)\b.*\b(?:looked|seemed|appeared|shone|gleamed|glowed|almost|nearly)\b/i,
    change:
      /\b(?:dye(?:d|s|ing)|bleached|now|these days|no longer|since then|cut|cropped|shaved|shorn|(?:turned|gone|went|grew|grown|became|become)(?=\s+(?:\p{L}+\s+)?$))\b/iu,
  },
  zh: {
    unreal:
      /如果|要是|假如|假使|倘若|若是|也许|或许|可能|仿佛|好像|好似|似乎|听说|据说|传说|以为|但愿|希望|恨不得|要不要|本该|会不会|想着|心想|想象/,
    past: /曾经|曾|以前|从前|小时候|当年|那年(?!冬天|夏天|春天|秋天|收成)|年轻时|年轻的时候|照片|画像|记得|想起|\S{1,4}岁(?:那年|时|的时候|起)|原本|原来是/,
    negation:
      /(?:不|没|没有|并非|并不|不是|从不|从没|从来没|从未|未|不再|尚未|无)(?:有|再|太|算|怎么|曾|戴|穿|留|长|过|是|那么)*$/,
    simile: /(?:像|如|如同|好比|宛如|犹如)(?:是|一[个只条块片]|两盏|一盏|根|个)?\P{P}{0,3}$/u,
    guise: /假发|面具|化装|乔装|扮成|戏服|雕像|木偶/,
    seeming:
      /(?:月光|灯光|火光|烛光|阳光|夕阳)[^。]*(?:看上去|看起来|显得|几乎|仿佛|像|映成|照成)|看上去几乎/,
    change: /染|漂白|剪短|剪掉|剃|变成|变得|变了|变白|如今|现在|留长|长出|白了|不再|改/,
  },
};

/** Reads the words around a phrase at [start, end) of the sentence's text. */
export function stanceOf(sentence: ReadSentence, language: Language, start: number, end: number): Stance {
  const { text } = sentence;
  const cue = cues[language];
  const before = text.slice(0, start);
  const clause = before.slice(
    Math.max(...['.', ';', '；', '。'].map((mark) => before.lastIndexOf(mark))) + 1,
  );
  const near = before.slice(-40);
  let certainty = 1;
  if (sentence.unreal) certainty *= 0.2;
  if (isQuoted(sentence, start)) certainty *= 0.45;
  if (cue.unreal.test(clause)) certainty *= 0.3;
  if (cue.past.test(clause)) certainty *= 0.3;
  if (cue.simile.test(near)) certainty *= 0.2;
  if (cue.guise.test(text)) certainty *= 0.2;
  if (cue.seeming.test(text.slice(0, end + 20))) certainty *= 0.4;
  if (/[?？]["”」]?$/.test(text)) certainty *= 0.5;
  return {
    certainty,
    negated: cue.negation.test(near),
    changes:
      cue.change.test(text.slice(Math.max(0, start - 40), start)) ||
      cue.change.test(text.slice(end, end + 12)),
  };
}

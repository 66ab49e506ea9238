/** What a character is to the counter; `unknown` is looked up once and remembered. */
const kinds = { unknown: 0, space: 1, letter: 2, ideograph: 3, joiner: 4, unseen: 5, visible: 6 } as const;

const isSpace = /^[\s\p{Z}]$/u;
const isIdeograph = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}ー]$/u;
/** A letter or digit of a language that parts its words. */
export const isLetter = /^[\p{L}\p{N}]$/u;
/** Combining marks belong to the letter before them; format and control characters are not seen at all. */
const isUnseen = /^[\p{M}\p{Cf}\p{Cc}\p{Cs}ﾞﾟ]$/u;
/** Between two letters or digits these make one word of them. */
const joiners = "'’.,_-‐‑";

function classify(character: string): number {
  if (isSpace.test(character)) return kinds.space;
  if (isIdeograph.test(character)) return kinds.ideograph;
  if (isUnseen.test(character)) return kinds.unseen;
  if (isLetter.test(character)) return kinds.letter;
  return joiners.includes(character) ? kinds.joiner : kinds.visible;
}

const kindByUnit = new Uint8Array(0x10000);

/** Counts what a reader sees, character by character; whoever reads the Markdown decides what is seen. */
export class WordCounter {
  words = 0;
  charactersNoSpaces = 0;
  #inWord = false;
  #joined = false;

  /** Takes `text[start, end)` as it stands. The one hot loop: its state is in locals. */
  take(text: string, start: number, end: number): void {
    let { words, charactersNoSpaces } = this;
    let inWord = this.#inWord;
    let joined = this.#joined;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      let kind = kindByUnit[unit] as number;
      if (kind === kinds.unknown) {
        const code = text.codePointAt(at) as number;
        kind = classify(String.fromCodePoint(code));
        if (code > 0xffff && at + 1 < end) at++;
        else if ((unit & 0xf800) !== 0xd800) kindByUnit[unit] = kind;
      }
      if (kind === kinds.letter) {
        if (!inWord) words++;
        inWord = true;
        joined = false;
        charactersNoSpaces++;
      } else if (kind === kinds.space) {
        inWord = false;
      } else if (kind !== kinds.unseen) {
        charactersNoSpaces++;
        if (kind === kinds.joiner && inWord && !joined) joined = true;
        else inWord = false;
        if (kind === kinds.ideograph) words++;
      }
    }
    this.words = words;
    this.charactersNoSpaces = charactersNoSpaces;
    this.#inWord = inWord;
    this.#joined = joined;
  }

  breakWord(): void {
    this.#inWord = false;
  }

  /** One visible sign that is no letter. */
  takeSign(): void {
    this.#inWord = false;
    this.charactersNoSpaces++;
  }
}

import type { TextCounts } from '../story/scene.ts';
import { isLetter, WordCounter } from './WordCounter.ts';

const lineStart = /[ \t]*(?:(?:>|[-+*](?=[ \t\n]|$)|\d{1,9}[.)](?=[ \t\n]|$)|#{1,6}(?=[ \t\n]|$))[ \t]*)*/y;
const ruleLine = /[ \t]*(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){2,}|(?:_[ \t]*){3,}|=+[ \t]*)(?=\n|$)/y;
const closingHashes = /[ \t]#+[ \t]*$/;
const fenceLine = /[ \t>]*(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})[^\n]*/y;
const definitionLine =
  /[ \t]{0,3}\[[^\]\n]+\]:[ \t]*\S+(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^)\n]*\)))?[ \t]*(?=\n|$)/y;
const htmlTag = /<(?:\/?[A-Za-z][^<>]*|![A-Za-z][^>]*|\?[^>]*\?)>|<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*>/y;
const comment = /<!--(?:-?>|[\s\S]*?-->)/y;
const entity = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/y;
const linkTail =
  /\((?:[ \t\n]*(?:<[^<>\n]*>|(?:\\.|[^\\\s()<]|\((?:\\.|[^\\\s()])*\))*)(?:[ \t\n]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t\n]*)\)/y;
const referenceTail = /\[[^[\]\n]*\]/y;
const special = /[\n\\*_`~<&[\]!]/g;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

const endOfLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
};

/** Where the paragraph around `at` ends; nothing inline reaches further. */
function endOfParagraph(text: string, at: number): number {
  const end = text.indexOf('\n\n', at);
  return end < 0 ? text.length : end;
}

/** Which `]` closes which `[` in `text[start, end)`; escaped ones are neither. */
function bracketPairs(text: string, start: number, end: number): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at++;
    else if (unit === 0x5b) open.push(at);
    else if (unit === 0x5d) {
      const opening = open.pop();
      if (opening !== undefined) pairs.set(opening, at);
    }
  }
  return pairs;
}

/** Reads Markdown once, handing what is prose to the counter in long runs. */
class Reader {
  readonly #text: string;
  readonly #hasDefinitions: boolean;
  /** No comment ends behind this offset. */
  readonly #lastComment: number;
  readonly #counter = new WordCounter();
  /** Opened `[` of this paragraph that may become links. */
  #brackets = 0;
  /** The brackets of the present paragraph. */
  #pairs = new Map<number, number>();
  #pairedUntil = -1;

  constructor(text: string) {
    this.#text = text;
    this.#hasDefinitions = text.includes(']:');
    this.#lastComment = Math.max(
      text.lastIndexOf('-->'),
      text.lastIndexOf('<!-->'),
      text.lastIndexOf('<!--->'),
    );
  }

  read(): TextCounts {
    let at = 0;
    while (at < this.#text.length) at = this.#line(at);
    const { words, charactersNoSpaces } = this.#counter;
    return { words, charactersNoSpaces };
  }

  /** Reads what begins a line, then the line; returns where the next one begins. */
  #line(start: number): number {
    const text = this.#text;
    this.#counter.breakWord();
    const fence = matchAt(fenceLine, text, start);
    if (fence >= 0) return this.#fenced(start, fence);
    if (text.charCodeAt(start) === 10) this.#brackets = 0;
    const rule = matchAt(ruleLine, text, start);
    if (rule >= 0) return rule + 1;
    if (this.#hasDefinitions) {
      const definition = matchAt(definitionLine, text, start);
      if (definition >= 0) return definition + 1;
    }
    const begin = matchAt(lineStart, text, start);
    const isHeading = text.slice(start, begin).includes('#');
    return this.#inline(Math.max(start, begin), isHeading);
  }

  #fenced(start: number, openEnd: number): number {
    const text = this.#text;
    const fence = /(`{3,}|~{3,})/.exec(text.slice(start, openEnd))?.[0] ?? '```';
    let at = openEnd + 1;
    while (at < text.length) {
      const end = endOfLine(text, at);
      const line = text.slice(at, end).trim();
      if (line.startsWith(fence) && line === (fence[0] ?? '').repeat(line.length)) return end + 1;
      this.#counter.breakWord();
      this.#counter.take(text, at, end);
      at = end + 1;
    }
    return at;
  }

  /** Reads prose up to the end of its line, or of what began in it; returns where the next line begins. */
  #inline(from: number, isHeading: boolean): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      special.lastIndex = at;
      const found = special.exec(text);
      const next = found ? found.index : text.length;
      this.#counter.take(text, at, isHeading ? this.#withoutClosingHashes(at, next) : next);
      if (!found || text.charCodeAt(next) === 10) return next + 1;
      at = this.#special(next);
    }
  }

  #withoutClosingHashes(at: number, end: number): number {
    if (end < this.#text.length && this.#text.charCodeAt(end) !== 10) return end;
    const closing = closingHashes.exec(this.#text.slice(at, end));
    return closing ? at + closing.index : end;
  }

  /** One mark that may be markup; returns where reading goes on. */
  #special(at: number): number {
    const text = this.#text;
    const counter = this.#counter;
    const literal = (length = 1): number => {
      counter.take(text, at, at + length);
      return at + length;
    };
    switch (text.charAt(at)) {
      case '\\': {
        const next = text.charAt(at + 1);
        if (next === '\n' || next === '') return next === '' ? literal() : at + 1;
        if (!/[!-/:-@[-`{-~]/.test(next)) return literal();
        counter.take(text, at + 1, at + 2);
        return at + 2;
      }
      case '*':
      case '_':
        return this.#emphasis(at);
      case '~':
        return text.charAt(at + 1) === '~' ? at + 2 : literal();
      case '`':
        return this.#codeSpan(at);
      case '<': {
        if (text.startsWith('<!--', at)) {
          const end = at > this.#lastComment ? -1 : matchAt(comment, text, at);
          return end < 0 ? literal() : end;
        }
        const end = matchAt(htmlTag, text, at);
        return end < 0 ? literal() : end;
      }
      case '&': {
        const end = matchAt(entity, text, at);
        if (end < 0) return literal();
        if (!/^&(?:nbsp|ensp|emsp|thinsp|#160|#xa0);$/i.test(text.slice(at, end))) counter.takeSign();
        else counter.breakWord();
        return end;
      }
      case '!': {
        if (text.charAt(at + 1) !== '[') return literal();
        const end = this.#picture(at + 1);
        return end < 0 ? literal() : end;
      }
      case '[':
        return this.#bracket(at);
      default:
        return this.#closing(at);
    }
  }

  /** A run of `*` or `_`: markup, unless it has spaces on both sides or is an underscore inside a word. */
  #emphasis(at: number): number {
    const text = this.#text;
    const mark = text.charAt(at);
    let end = at + 1;
    while (text.charAt(end) === mark) end++;
    const isBlank = (character: string) => character === '' || /\s/.test(character);
    const isPlain =
      (isBlank(text.charAt(at - 1)) && isBlank(text.charAt(end))) ||
      (mark === '_' && isWordAt(text, at - 1) && isWordAt(text, end));
    if (isPlain) this.#counter.take(text, at, end);
    return end;
  }

  #codeSpan(at: number): number {
    const text = this.#text;
    let open = at;
    while (text.charAt(open) === '`') open++;
    const ticks = text.slice(at, open);
    const end = endOfParagraph(text, at);
    for (let close = text.indexOf(ticks, open); close >= 0 && close < end; ) {
      let after = close + ticks.length;
      if (text.charAt(after) !== '`') {
        this.#counter.take(text, open, close);
        return after;
      }
      while (text.charAt(after) === '`') after++;
      close = text.indexOf(ticks, after);
    }
    this.#counter.take(text, at, open);
    return open;
  }

  /** Skips a picture whose bracket opens at `open`; −1 where it is none. */
  #picture(open: number): number {
    const close = this.#closingOf(open);
    return close < 0 ? -1 : this.#tail(close);
  }

  /** The bracket that closes the one at `open`, −1 without one. */
  #closingOf(open: number): number {
    if (open >= this.#pairedUntil) {
      this.#pairedUntil = endOfParagraph(this.#text, open);
      this.#pairs = bracketPairs(this.#text, open, this.#pairedUntil);
    }
    return this.#pairs.get(open) ?? -1;
  }

  /** Behind a `]`: the end of a link's address or reference, −1 where nothing of the kind follows. */
  #tail(close: number): number {
    const end = matchAt(linkTail, this.#text, close + 1);
    if (end >= 0 || !this.#hasDefinitions) return end;
    return matchAt(referenceTail, this.#text, close + 1);
  }

  #bracket(at: number): number {
    const close = this.#closingOf(at);
    if (close >= 0 && this.#tail(close) >= 0) {
      this.#brackets++;
      return at + 1;
    }
    this.#counter.take(this.#text, at, at + 1);
    return at + 1;
  }

  #closing(at: number): number {
    if (this.#brackets > 0) {
      const end = this.#tail(at);
      if (end >= 0) {
        this.#brackets--;
        return end;
      }
    }
    this.#counter.take(this.#text, at, at + 1);
    return at + 1;
  }
}

function isWordAt(text: string, at: number): boolean {
  const character = text.charAt(at);
  return character !== '' && isLetter.test(character);
}

/**
 * Counts the prose of a CommonMark text. `words`: Han characters, kana and bopomofo one each, else words as spaces part
 * them (`don't`, `well-known` and `3.14` are one); marks count nothing. `charactersNoSpaces` is the figure that Chinese
 * writers know, marks included. Markup, link addresses, pictures with their descriptions, tags and comments are no prose.
 */
export const countText = (markdown: string): TextCounts => new Reader(markdown).read();

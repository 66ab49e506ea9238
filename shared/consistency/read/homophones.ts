import { readings } from '../lexicon/readings.ts';

let syllables: ReadonlyMap<string, string> | null = null;

/** The syllable a character is usually read as, without tone; empty where it is not known. */
export function syllableOf(character: string): string {
  if (syllables === null) {
    const table = new Map<string, string>();
    for (const line of readings.trim().split('\n')) {
      const [syllable = '', characters = ''] = line.split(' ');
      for (const one of characters) table.set(one, syllable);
    }
    syllables = table;
  }
  return syllables.get(character) ?? '';
}

/** Sounds that many speakers do not tell apart: in/ing, en/eng, z/zh, c/ch, s/sh, n/l. */
const blurred = (syllable: string): string =>
  syllable
    .replace(/^([zcs])h/, '$1')
    .replace(/^n(?=[aeiou])/, 'l')
    .replace(/(an|en|in)g$/, '$1');

/** How alike two characters sound: 1 the same syllable, 0.7 nearly, 0 not. */
export function soundsLike(a: string, b: string): number {
  const first = syllableOf(a);
  const second = syllableOf(b);
  if (first === '' || second === '' || a === b) return 0;
  if (first === second) return 1;
  return blurred(first) === blurred(second) ? 0.7 : 0;
}

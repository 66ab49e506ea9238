import type { CharacterContext } from '../../models/task.ts';

/** Whether a text names a character. Latin names count as whole words only, Chinese names anywhere; case is ignored. */
export function mentions(text: string, names: readonly string[]): boolean {
  return names.some((name) => {
    const wanted = name.trim();
    if (wanted === '') return false;
    const escaped = wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const latin = /[\p{L}\p{N}]/u.test(wanted) && !/\p{Script=Han}/u.test(wanted);
    const pattern = latin ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
    return new RegExp(pattern, 'iu').test(text);
  });
}

export const namesOf = ({ name, aliases }: Pick<CharacterContext, 'name' | 'aliases'>): string[] => [
  name,
  ...aliases,
];

/**
 * Which characters a scene is about: those listed for it, then those that its texts name. Where that is nobody, all of
 * them: the writer has said nothing yet. Order is kept inside each group.
 */
export function relevantCharacters<Item extends Pick<CharacterContext, 'name' | 'aliases'>>(
  everyone: readonly Item[],
  listed: (character: Item) => boolean,
  texts: readonly string[],
): Item[] {
  const text = texts.join('\n');
  const named = everyone.filter((character) => !listed(character) && mentions(text, namesOf(character)));
  const relevant = [...everyone.filter(listed), ...named];
  return relevant.length > 0 ? relevant : [...everyone];
}

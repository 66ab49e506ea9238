import type { Character } from '../../story/character.ts';
import type { CharacterId } from '../../story/ids.ts';
import type { Story } from '../../story/story.ts';
import { genderWords } from '../lexicon/people.ts';

export type Gender = 'm' | 'f';

/** A character as the checker knows it: names, longest first, and the gender that its sheet tells. */
export interface CastMember {
  readonly id: CharacterId;
  readonly name: string;
  readonly names: readonly string[];
  readonly gender: Gender | null;
}

/** Characters of a story in the writer's order, those in the trash left out. */
export function charactersOf(story: Story): Character[] {
  const trashed = new Set(story.trash.flatMap((entry) => (entry.kind === 'character' ? [entry.id] : [])));
  return story.characterOrder.flatMap((id) => {
    const character = story.characters[id];
    return character && !trashed.has(id) ? [character] : [];
  });
}

export function castMember(character: Character): CastMember {
  const names = [character.name, ...character.aliases, ...firstName(character)]
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const gender = genderIn(
    [
      character.name,
      character.description,
      character.visualDescription,
      ...character.fields.map(({ value }) => value),
    ].join('\n'),
  );
  return {
    id: character.id,
    name: character.name,
    names: [...new Set(names)].toSorted((a, b) => b.length - a.length),
    gender,
  };
}

/** "Mara" of "Mara Quill": prose hardly ever says more. Titles are no names. */
const title =
  /^(?:Mrs?|Ms|Miss|Dr|Sir|Lady|Lord|Captain|Sister|Brother|Father|Mother|Professor|Inspector|Lieutenant|Countess|Count|Old|Young|Little|Grandmother|Grandfather|King|Queen|Prince|Princess|Aunt|Uncle|The)\.?$/i;
function firstName({ name }: Character): string[] {
  const words = name.split(/\s+/).filter((word) => !title.test(word));
  const [first] = words;
  return first !== undefined && words.length > 0 && name.includes(' ') && first.length > 2 ? [first] : [];
}

function genderIn(text: string): Gender | null {
  let balance = 0;
  for (const [pattern, gender] of genderWords) {
    const hits = text.match(pattern)?.length ?? 0;
    balance += gender === 'm' ? hits : -hits;
  }
  return balance === 0 ? null : balance > 0 ? 'm' : 'f';
}

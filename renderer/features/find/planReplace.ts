import type { SearchMatch, SearchQuery } from '#shared/contract/studio.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import type { CharacterId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import type { TextEdit } from '#shared/story/textEdit.ts';

/** What takes the place of a matched text; in a regular expression `$1` and `$<name>` stand for its groups. */
export function replacementFor(matched: string, query: SearchQuery, replacement: string): string {
  if (!query.regex) return replacement;
  const pattern = new RegExp(query.text, query.matchCase ? 'um' : 'ium');
  return pattern.test(matched) ? matched.replace(pattern, replacement) : replacement;
}

interface Place {
  readonly target: SearchMatch['target'];
  readonly field: string;
  /** Later places first, so that earlier offsets stay true. */
  readonly edits: TextEdit[];
}

function placesOf(matches: readonly SearchMatch[], query: SearchQuery, replacement: string): Place[] {
  const places = new Map<string, Place>();
  for (const { target, field, at, matched } of matches.toSorted((a, b) => b.at - a.at)) {
    const key = `${target.kind} ${target.id} ${field}`;
    const place = places.get(key) ?? { target, field, edits: [] };
    place.edits.push({ at, removed: matched, inserted: replacementFor(matched, query, replacement) });
    places.set(key, place);
  }
  return [...places.values()];
}

/** `null` where the text is not the one that was searched. */
function edited(text: string | null | undefined, edits: readonly TextEdit[]): string | null {
  if (typeof text !== 'string') return null;
  let result = text;
  for (const { at, removed, inserted } of edits) {
    if (!result.startsWith(removed, at)) return null;
    result = result.slice(0, at) + inserted + result.slice(at + removed.length);
  }
  return result;
}

const replaceAt = <Item>(items: readonly Item[], at: number, item: Item): Item[] =>
  items.map((other, index) => (index === at ? item : other));

function commandFor(story: Story, { target, field, edits }: Place): Command | null {
  const [name = '', part = ''] = field.split('.');
  if (target.kind === 'scene') {
    const scene = story.scenes[target.id];
    if (!scene) return null;
    if (name === 'text') {
      return edited(scene.text, edits) === null ? null : { kind: 'text.edit', id: target.id, edits };
    }
    if (name !== 'title' && name !== 'summary' && name !== 'authorNote') return null;
    const text = edited(scene[name], edits);
    return text === null ? null : { kind: 'scene.update', id: target.id, patch: { [name]: text } };
  }
  if (target.kind === 'character') {
    const id = target.id as CharacterId;
    const character = story.characters[id];
    if (!character) return null;
    if (name === 'aliases') {
      const text = edited(character.aliases[Number(part)], edits);
      if (text === null) return null;
      return {
        kind: 'character.update',
        id,
        patch: { aliases: replaceAt(character.aliases, Number(part), text) },
      };
    }
    if (name === 'fields') {
      const before = character.fields[Number(part)];
      const value = edited(before?.value, edits);
      if (!before || value === null) return null;
      const fields = replaceAt(character.fields, Number(part), { ...before, value });
      return { kind: 'character.update', id, patch: { fields } };
    }
    if (name !== 'name' && name !== 'description' && name !== 'visualDescription' && name !== 'notes')
      return null;
    const text = edited(character[name], edits);
    return text === null ? null : { kind: 'character.update', id, patch: { [name]: text } };
  }
  const image = story.images[target.id];
  if (!image) return null;
  if (name === 'tags') {
    const text = edited(image.tags[Number(part)], edits);
    return text === null
      ? null
      : { kind: 'image.update', id: image.id, patch: { tags: replaceAt(image.tags, Number(part), text) } };
  }
  if (name === 'credit') {
    const text = edited(image.credit, edits);
    return text === null ? null : { kind: 'image.update', id: image.id, patch: { credit: text } };
  }
  if ((name === 'alt' || name === 'caption') && (part === 'en' || part === 'zh')) {
    const text = edited(image[name][part], edits);
    return text === null
      ? null
      : { kind: 'image.update', id: image.id, patch: { [name]: { ...image[name], [part]: text } } };
  }
  return null;
}

/**
 * Commands that replace the matches, together one step of undo; `null` where a text has changed since the search.
 * Scene texts must have been read. Each command is made on what the ones before it leave.
 */
export function planReplace(
  story: Story,
  matches: readonly SearchMatch[],
  query: SearchQuery,
  replacement: string,
): Command[] | null {
  const commands: Command[] = [];
  let current = story;
  for (const place of placesOf(matches, query, replacement)) {
    const command = commandFor(current, place);
    if (!command) return null;
    commands.push(command);
    current = applyCommands(current, [command]).story;
  }
  return commands;
}

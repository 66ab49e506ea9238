import type { SearchMatch, SearchQuery } from '#shared/contract/studio.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';
import { boundedMatches, type TextMatch } from './boundedMatches.ts';
import { isWholeWord, patternOf } from './matcher.ts';

interface SearchedField {
  readonly target: SearchMatch['target'];
  readonly field: string;
  readonly text: string;
}

const contextLength = 40;
const regexLimitMs = 2_000;
/** Matches looked at in all, so that "whole word" on a frequent letter ends. */
const mostCandidates = 100_000;

/** Every text of a story that is searched, in reading order: scenes, characters, pictures. What is in the trash is not. */
export function* searchedFields(story: Story, texts: ReadonlyMap<SceneId, string>): Generator<SearchedField> {
  for (const id of sceneOrder(story.outline)) {
    const scene = story.scenes[id];
    if (!scene) continue;
    const target = { kind: 'scene', id } as const;
    yield { target, field: 'title', text: scene.title };
    yield { target, field: 'summary', text: scene.summary };
    yield { target, field: 'text', text: texts.get(id) ?? scene.text ?? '' };
    yield { target, field: 'authorNote', text: scene.authorNote };
  }
  for (const id of story.characterOrder) {
    const character = story.characters[id];
    if (!character) continue;
    const target = { kind: 'character', id } as const;
    yield { target, field: 'name', text: character.name };
    for (const [at, alias] of character.aliases.entries()) {
      yield { target, field: `aliases.${String(at)}`, text: alias };
    }
    yield { target, field: 'description', text: character.description };
    yield { target, field: 'visualDescription', text: character.visualDescription };
    for (const [at, { value }] of character.fields.entries()) {
      yield { target, field: `fields.${String(at)}`, text: value };
    }
    yield { target, field: 'notes', text: character.notes };
  }
  for (const image of livePictures(story)) {
    const target = { kind: 'image', id: image.id } as const;
    yield { target, field: 'alt.en', text: image.alt.en };
    yield { target, field: 'alt.zh', text: image.alt.zh };
    yield { target, field: 'caption.en', text: image.caption.en };
    yield { target, field: 'caption.zh', text: image.caption.zh };
    for (const [at, tag] of image.tags.entries()) yield { target, field: `tags.${String(at)}`, text: tag };
    yield { target, field: 'credit', text: image.credit };
  }
}

/** Searches a story. Errors: input/invalid for a pattern that is wrong or takes longer than two seconds. */
export async function searchStory(
  story: Story,
  texts: ReadonlyMap<SceneId, string>,
  query: SearchQuery,
  limit: number,
): Promise<{ matches: SearchMatch[]; truncated: boolean }> {
  const pattern = patternOf(query);
  const fields = Array.from(searchedFields(story, texts)).filter(({ text }) => text !== '');
  const most = query.wholeWord ? mostCandidates : limit + 1;
  const candidates = query.regex
    ? await boundedMatches(
        pattern,
        fields.map(({ text }) => text),
        most,
        regexLimitMs,
      )
    : literalMatches(pattern, fields, most);
  const wanted = candidates.filter(({ text, at, length }) => {
    const searched = fields[text]?.text ?? '';
    return !query.wholeWord || isWholeWord(searched, at, length);
  });
  const matches = wanted.slice(0, limit).flatMap(({ text, at, length }): SearchMatch[] => {
    const searched = fields[text];
    if (!searched) return [];
    return [
      {
        target: searched.target,
        field: searched.field,
        at,
        length,
        before: searched.text.slice(Math.max(0, at - contextLength), at).toWellFormed(),
        matched: searched.text.slice(at, at + length),
        after: searched.text.slice(at + length, at + length + contextLength).toWellFormed(),
      },
    ];
  });
  return { matches, truncated: wanted.length > limit || candidates.length >= mostCandidates };
}

function literalMatches(pattern: RegExp, fields: readonly SearchedField[], most: number): TextMatch[] {
  const found: TextMatch[] = [];
  for (const [text, field] of fields.entries()) {
    for (const match of field.text.matchAll(pattern)) {
      found.push({ text, at: match.index, length: match[0].length });
      if (found.length >= most) return found;
    }
  }
  return found;
}

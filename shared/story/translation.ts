import type { Command } from './commands.ts';
import { createScene } from './create.ts';
import type { SceneId } from './ids.ts';
import { type Outline, placeOf } from './outline.ts';
import type { Language } from './scene.ts';
import type { Story } from './story.ts';
import { isWritten } from './unsummarised.ts';

/** Every scene in reading order, with the scene that stands right after it in the same group. */
function* withNext(outline: Outline): Generator<{ id: SceneId; next: SceneId | null }> {
  for (const [index, node] of outline.entries()) {
    const next = outline[index + 1];
    if (node.kind === 'scene') yield { id: node.id, next: next?.kind === 'scene' ? next.id : null };
    else yield* withNext(node.children);
  }
}

/**
 * Scenes that have their translation, in the story's order. A translation stands right after its original and is in the
 * other language; there is no other sign of it, so that it stays one however the writer renames it.
 */
export function translated({ outline, scenes }: Story): Set<SceneId> {
  const pairs = Array.from(withNext(outline)).filter(({ id, next }) => {
    const [one, other] = [scenes[id], next === null ? undefined : scenes[next]];
    return one !== undefined && other !== undefined && one.lang !== other.lang;
  });
  return new Set(pairs.map(({ id }) => id));
}

/** Scenes written in the other language than `into` whose translation does not follow them, in the story's order. */
export function untranslated(story: Story, into: Language): SceneId[] {
  const done = translated(story);
  return Array.from(withNext(story.outline), ({ id }) => id).filter((id) => {
    const scene = story.scenes[id];
    return scene !== undefined && scene.lang !== into && isWritten(scene) && !done.has(id);
  });
}

/** A scene that is added, and the commands that add it. */
export interface AddedScene {
  readonly sceneId: SceneId;
  readonly commands: readonly Command[];
}

/** Makes a translation a scene of its own, right after the one that it is of; `null` where that one is gone. */
export function planTranslation(
  { scenes, outline }: Story,
  id: SceneId,
  { language, text }: { readonly language: Language; readonly text: string },
): AddedScene | null {
  const scene = scenes[id];
  const place = placeOf(outline, id);
  if (!scene || !place) return null;
  const { characterIds, pictures, title } = scene;
  const made = createScene({ lang: language, title, status: 'draft', characterIds, pictures });
  return {
    sceneId: made.id,
    commands: [
      { kind: 'scene.add', scene: made, parentId: place.parentId, index: place.index + 1 },
      { kind: 'text.edit', id: made.id, edits: [{ at: 0, removed: '', inserted: `${text.trim()}\n` }] },
    ],
  };
}

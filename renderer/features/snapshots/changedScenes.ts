import type { SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';

/** A scene whose words differ between two states of the story. */
export interface ChangedScene {
  readonly id: SceneId;
  readonly title: string;
  readonly language: Language;
  readonly kind: 'changed' | 'added' | 'removed';
  readonly before: string;
  readonly after: string;
}

const wordsOf = (scene: Scene | undefined): string =>
  scene ? [scene.title, scene.summary, scene.text ?? ''].filter((part) => part !== '').join('\n\n') : '';

/** Scenes that differ, in the order of now, those that are gone at the end. Texts must have been read. */
export function changedScenes(then: Story, now: Story): ChangedScene[] {
  const before = new Set(sceneOrder(then.outline));
  const after = new Set(sceneOrder(now.outline));
  const ids = [...after, ...[...before].filter((id) => !after.has(id))];
  return ids.flatMap((id): ChangedScene[] => {
    const old = before.has(id) ? then.scenes[id] : undefined;
    const present = after.has(id) ? now.scenes[id] : undefined;
    const scene = present ?? old;
    if (!scene || wordsOf(old) === wordsOf(present)) return [];
    return [
      {
        id,
        title: scene.title,
        language: scene.lang,
        kind: !old ? 'added' : present ? 'changed' : 'removed',
        before: wordsOf(old),
        after: wordsOf(present),
      },
    ];
  });
}

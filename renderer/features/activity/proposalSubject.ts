import type { JobOrder } from '#shared/models/job.ts';
import { ImageId, SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language, Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { translated } from '#shared/story/translation.ts';
import { describedField } from '#shared/story/undescribed.ts';

/** What a proposal is about. Taking it over writes a text in the place of `replaced`, or adds a scene. */
export type ProposalSubject =
  | {
      readonly kind: 'picture';
      readonly image: StoryImage;
      readonly field: 'alt' | 'caption';
      readonly language: Language;
      readonly replaced: string;
    }
  | { readonly kind: 'summary'; readonly scene: Scene; readonly replaced: string }
  | {
      readonly kind: 'translation';
      readonly scene: Scene;
      readonly language: Language;
      /** A scene in that language follows already. */
      readonly isThere: boolean;
    };

/** Finds what an item of a job is about; `null` where the story has it no longer. */
export type FindSubject = (item: string) => ProposalSubject | null;

/** How the items of a job are found in the story. */
export function subjectsOf(story: Story, order: JobOrder): FindSubject {
  if (order.kind === 'describe-pictures') {
    const { style, language } = order.options;
    const field = describedField[style];
    return (item) => {
      const id = ImageId.safeParse(item);
      const image = id.success ? story.images[id.data] : undefined;
      return image ? { kind: 'picture', image, field, language, replaced: image[field][language] } : null;
    };
  }
  const inOrder = new Set(sceneOrder(story.outline));
  const sceneOf = (item: string): Scene | null => {
    const id = SceneId.safeParse(item);
    return (id.success && inOrder.has(id.data) && story.scenes[id.data]) || null;
  };
  if (order.kind === 'summarise-scenes') {
    return (item) => {
      const scene = sceneOf(item);
      return scene && { kind: 'summary', scene, replaced: scene.summary };
    };
  }
  const { language } = order.options;
  const there = translated(story);
  return (item) => {
    const scene = sceneOf(item);
    return scene && { kind: 'translation', scene, language, isThere: there.has(scene.id) };
  };
}

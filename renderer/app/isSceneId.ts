import type { SceneId } from '#shared/story/ids.ts';
import { findNode } from '#shared/story/outline.ts';
import type { Story } from '#shared/story/story.ts';

/** Whether the scene stands in the outline; one in the trash does not. */
export const isSceneId = (story: Story, id: SceneId): boolean => findNode(story.outline, id) !== undefined;

import { t } from 'i18next';
import type { CommandOf } from '#shared/story/commands.ts';
import { createScene } from '#shared/story/create.ts';
import { createNodeId, type NodeId, type SceneId } from '#shared/story/ids.ts';
import { findNode, type OutlineNode, type OutlinePlace } from '#shared/story/outline.ts';
import type { SceneStatus } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { tell } from './notices.ts';
import { openScene, select, useSelection } from './selectionStore.ts';
import { dispatch, openStory, undo } from './storyStore.ts';

/** What a part, chapter or scene is called; empty where it has no name. */
export const nodeTitle = (story: Story, node: OutlineNode): string =>
  node.kind === 'scene' ? (story.scenes[node.id]?.title ?? '') : node.title;

/** Adds a scene in the story's language and opens it. Returns its id, or `null` where the story refused. */
export function addScene(place: OutlinePlace): SceneId | null {
  const scene = createScene({ lang: openStory().story.language, title: '' });
  if (!dispatch([{ kind: 'scene.add', scene, ...place }], { label: t('step.addScene') })) return null;
  openScene(scene.id);
  return scene.id;
}

export function addGroup(kind: 'part' | 'chapter', place: OutlinePlace): NodeId | null {
  const id = createNodeId();
  const title = t(kind === 'part' ? 'outline.newPart' : 'outline.newChapter');
  const added = dispatch([{ kind: 'group.add', node: { kind, id, title, children: [] }, ...place }], {
    label: t('step.addGroup'),
  });
  return added ? id : null;
}

export function renameOutlineNode(id: NodeId, title: string): void {
  const { story } = openStory();
  const node = findNode(story.outline, id);
  if (!node || nodeTitle(story, node) === title) return;
  dispatch(
    node.kind === 'scene'
      ? [{ kind: 'scene.update', id: node.id, patch: { title } }]
      : [{ kind: 'group.rename', id, title }],
    { label: t('step.rename') },
  );
}

export const moveOutlineNode = (id: NodeId, place: OutlinePlace): boolean =>
  dispatch([{ kind: 'node.move', id, ...place }], { label: t('step.move') });

/** Changes what is noted about a scene; changes of the same field in quick succession are one step of undo. */
export function changeScene(id: SceneId, patch: CommandOf<'scene.update'>['patch'], field: string): void {
  dispatch([{ kind: 'scene.update', id, patch }], {
    label: t('step.sceneDetails'),
    merge: `scene:${id}:${field}`,
  });
}

export function setSceneStatus(id: SceneId, status: SceneStatus): void {
  dispatch([{ kind: 'scene.update', id, patch: { status } }], { label: t('step.sceneDetails') });
}

/** Moves a node and all below it to the trash, and offers to take that back. */
export function deleteOutlineNode(id: NodeId): void {
  const { story } = openStory();
  const node = findNode(story.outline, id);
  if (!node) return;
  const title = nodeTitle(story, node) || t('app.untitled');
  const deletedAt = new Date().toISOString();
  if (!dispatch([{ kind: 'node.delete', id, deletedAt }], { label: t('step.deleteNode', { title }) })) return;
  const { sceneId } = useSelection.getState();
  if (sceneId !== null && !findNode(openStory().story.outline, sceneId))
    select({ sceneId: null, text: null });
  tell(t('trash.movedToTrash', { title }), { label: t('desk.undo'), run: undo });
}

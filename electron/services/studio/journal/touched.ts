import type { Command } from '#shared/story/commands.ts';
import { type CharacterId, type ImageId, type NodeId, SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';

/** A part of a story: what a journal keeps a base of, and what a save writes. */
export type StoryPart =
  | { readonly part: 'scene'; readonly id: SceneId }
  | { readonly part: 'character'; readonly id: CharacterId }
  | { readonly part: 'image'; readonly id: ImageId }
  | { readonly part: 'shell' };

const shell: StoryPart = { part: 'shell' };
const sceneNamed = (story: Story, id: NodeId): StoryPart[] =>
  Object.hasOwn(story.scenes, id) ? [{ part: 'scene', id: SceneId.parse(id) }] : [];

/** The parts that a command may change in a story. */
export function touchedParts(story: Story, command: Command): StoryPart[] {
  switch (command.kind) {
    case 'scene.update':
    case 'text.edit':
    case 'alternative.add':
    case 'alternative.remove':
      return [{ part: 'scene', id: command.id }];
    case 'picture.attach':
    case 'picture.detach':
    case 'picture.role':
      return command.owner.kind === 'scene'
        ? [{ part: 'scene', id: command.owner.id }]
        : [{ part: 'character', id: command.owner.id }];
    case 'character.update':
      return [{ part: 'character', id: command.id }];
    case 'image.update':
      return [{ part: 'image', id: command.id }];
    case 'scene.add':
      return [shell, { part: 'scene', id: command.scene.id }];
    case 'node.remove':
      return [shell, ...sceneNamed(story, command.id)];
    case 'character.add':
      return [shell, { part: 'character', id: command.character.id }];
    case 'character.remove':
      return [shell, { part: 'character', id: command.id }];
    case 'image.add':
      return [shell, { part: 'image', id: command.image.id }];
    case 'image.remove':
      return [shell, { part: 'image', id: command.id }];
    case 'story.update':
    case 'group.add':
    case 'group.rename':
    case 'node.move':
    case 'node.delete':
    case 'node.restore':
    case 'character.move':
    case 'character.delete':
    case 'character.restore':
    case 'image.delete':
    case 'image.restore':
      return [shell];
  }
}

/** Scenes whose text a command needs before it can be applied. */
export function scenesNeeded(story: Story, command: Command): SceneId[] {
  if (command.kind !== 'text.edit' && command.kind !== 'node.remove') return [];
  const id = command.id as SceneId;
  return story.scenes[id]?.text === null ? [id] : [];
}

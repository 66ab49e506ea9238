import { AppError } from '../errors/AppError.ts';
import { countText } from '../text/counts.ts';
import type { Character } from './character.ts';
import type { Command, PictureOwner } from './commands.ts';
import type { CharacterId, ImageId, NodeId, SceneId } from './ids.ts';
import type { PictureUse, StoryImage } from './image.ts';
import {
  findNode,
  insertNode,
  mayContain,
  type OutlineNode,
  type OutlinePlace,
  placeOf,
  removeNode,
  renameNode,
  walkOutline,
} from './outline.ts';
import type { Scene } from './scene.ts';
import type { Story, TrashEntry } from './story.ts';
import { applyEdits, invertEdits } from './textEdit.ts';

/** A story after a command, and the command that takes it back. */
export interface Applied {
  readonly story: Story;
  readonly inverse: Command;
}

const refuse = (message: string): never => {
  throw new AppError('story/invalid-command', message);
};

const sceneOf = (story: Story, id: SceneId): Scene => story.scenes[id] ?? refuse(`No scene ${id}`);
const characterOf = (story: Story, id: CharacterId): Character =>
  story.characters[id] ?? refuse(`No character ${id}`);
const imageOf = (story: Story, id: ImageId): StoryImage => story.images[id] ?? refuse(`No picture ${id}`);

const without = <Value>(record: Readonly<Record<string, Value>>, ids: readonly string[]) =>
  Object.fromEntries(Object.entries(record).filter(([id]) => !ids.includes(id)));

type PatchOf<Target> = { [Key in keyof Target]?: Target[Key] | undefined };
const givenKeys = (patch: object): string[] =>
  Object.entries(patch).flatMap(([key, value]) => (value === undefined ? [] : [key]));
const pick = <Target extends object>(target: Target, keys: readonly string[]): Partial<Target> =>
  Object.fromEntries(keys.map((key) => [key, target[key as keyof Target]])) as Partial<Target>;

const patched = <Target extends object>(target: Target, patch: PatchOf<Target>): Target => ({
  ...target,
  ...pick(patch, givenKeys(patch)),
});
/** The same keys as `patch`, with the values they have in `target` now. */
const currentOf = <Target extends object>(target: Target, patch: PatchOf<Target>): Partial<Target> =>
  pick(target, givenKeys(patch));

const withScene = (story: Story, scene: Scene): Story => ({
  ...story,
  scenes: { ...story.scenes, [scene.id]: scene },
});
const withCharacter = (story: Story, character: Character): Story => ({
  ...story,
  characters: { ...story.characters, [character.id]: character },
});

const sceneIdsUnder = (node: OutlineNode): SceneId[] =>
  Array.from(walkOutline([node])).flatMap((step) => (step.node.kind === 'scene' ? [step.node.id] : []));

function checkedPlace(story: Story, node: OutlineNode, place: OutlinePlace): OutlinePlace {
  const parent =
    place.parentId === null ? null : (findNode(story.outline, place.parentId) ?? refuse('No such parent'));
  if (!mayContain(parent, node)) refuse(`A ${node.kind} cannot stand there`);
  const siblings = parent === null ? story.outline : parent.kind === 'scene' ? [] : parent.children;
  return { parentId: place.parentId, index: Math.min(place.index, siblings.length) };
}

const nodeAt = (story: Story, id: NodeId) => ({
  node: findNode(story.outline, id) ?? refuse(`No outline node ${id}`),
  place: placeOf(story.outline, id) ?? refuse(`No outline node ${id}`),
});

function trashed<Kind extends TrashEntry['kind']>(
  story: Story,
  kind: Kind,
  id: string,
): Extract<TrashEntry, { kind: Kind }> {
  const entry = story.trash.find((entry) => entry.kind === kind && idOf(entry) === id);
  return (entry as Extract<TrashEntry, { kind: Kind }> | undefined) ?? refuse(`${id} is not in the trash`);
}
const idOf = (entry: TrashEntry): string => (entry.kind === 'node' ? entry.node.id : entry.id);
/** The trash is in order of deletion, so that undoing a restore puts an entry back where it was. */
const withTrashed = (trash: readonly TrashEntry[], entry: TrashEntry): TrashEntry[] => {
  const later = trash.findIndex(({ deletedAt }) => deletedAt > entry.deletedAt);
  return trash.toSpliced(later < 0 ? trash.length : later, 0, entry);
};
const untrashed = (story: Story, entry: TrashEntry): TrashEntry[] =>
  story.trash.filter((other) => other !== entry);

function picturesOf(story: Story, owner: PictureOwner): readonly PictureUse[] {
  return owner.kind === 'scene' ? sceneOf(story, owner.id).pictures : characterOf(story, owner.id).pictures;
}
function withPictures(story: Story, owner: PictureOwner, pictures: PictureUse[]): Story {
  return owner.kind === 'scene'
    ? withScene(story, { ...sceneOf(story, owner.id), pictures })
    : withCharacter(story, { ...characterOf(story, owner.id), pictures });
}
function hangingIn(story: Story, owner: PictureOwner, imageId: ImageId): { use: PictureUse; index: number } {
  const index = picturesOf(story, owner).findIndex((use) => use.imageId === imageId);
  const use = picturesOf(story, owner)[index] ?? refuse('The picture does not hang there');
  return { use, index };
}

const isTrashedImage = (story: Story, id: ImageId): boolean =>
  story.trash.some((entry) => entry.kind === 'image' && entry.id === id);

const insertId = (ids: readonly CharacterId[], index: number, id: CharacterId): CharacterId[] =>
  ids.toSpliced(Math.min(index, ids.length), 0, id);

/** Applies one command. Pure. Throws `story/invalid-command` where the story does not allow it; the story is unchanged then. */
export function applyCommand(story: Story, command: Command): Applied {
  switch (command.kind) {
    case 'story.update':
      return {
        story: patched(story, command.patch),
        inverse: { kind: 'story.update', patch: currentOf(story, command.patch) },
      };

    case 'group.add': {
      if (command.node.kind === 'scene') return refuse('Scenes are added with scene.add');
      if (findNode(story.outline, command.node.id)) return refuse('That id is taken');
      const place = checkedPlace(story, command.node, command);
      return {
        story: { ...story, outline: [...insertNode(story.outline, command.node, place)] },
        inverse: { kind: 'node.remove', id: command.node.id },
      };
    }

    case 'group.rename': {
      const { node } = nodeAt(story, command.id);
      if (node.kind === 'scene') return refuse('Scenes are renamed with scene.update');
      return {
        story: { ...story, outline: [...renameNode(story.outline, command.id, command.title)] },
        inverse: { kind: 'group.rename', id: command.id, title: node.title },
      };
    }

    case 'scene.add': {
      const node = { kind: 'scene', id: command.scene.id } as const;
      if (story.scenes[node.id]) return refuse('That id is taken');
      const place = checkedPlace(story, node, command);
      return {
        story: {
          ...withScene(story, command.scene),
          outline: [...insertNode(story.outline, node, place)],
        },
        inverse: { kind: 'node.remove', id: node.id },
      };
    }

    case 'node.remove': {
      const { node, place } = nodeAt(story, command.id);
      const outline = [...removeNode(story.outline, command.id)];
      if (node.kind !== 'scene') {
        if (node.children.length > 0) return refuse('Only an empty part or chapter can be removed');
        return { story: { ...story, outline }, inverse: { kind: 'group.add', node, ...place } };
      }
      const scene = sceneOf(story, node.id);
      if (scene.text === null) return refuse('The scene has not been read yet');
      return {
        story: { ...story, outline, scenes: without(story.scenes, [node.id]) },
        inverse: { kind: 'scene.add', scene, ...place },
      };
    }

    case 'node.move': {
      const { node, place: from } = nodeAt(story, command.id);
      const rest: Story = { ...story, outline: [...removeNode(story.outline, command.id)] };
      const to = checkedPlace(rest, node, command);
      return {
        story: { ...rest, outline: [...insertNode(rest.outline, node, to)] },
        inverse: { kind: 'node.move', id: command.id, ...from },
      };
    }

    case 'node.delete': {
      const { node, place } = nodeAt(story, command.id);
      const entry: TrashEntry = { kind: 'node', node, ...place, deletedAt: command.deletedAt };
      return {
        story: {
          ...story,
          outline: [...removeNode(story.outline, command.id)],
          trash: withTrashed(story.trash, entry),
        },
        inverse: { kind: 'node.restore', id: command.id },
      };
    }

    case 'node.restore': {
      const entry = trashed(story, 'node', command.id);
      if (sceneIdsUnder(entry.node).some((id) => !story.scenes[id])) return refuse('Its scenes are gone');
      const parent = entry.parentId === null ? null : (findNode(story.outline, entry.parentId) ?? null);
      const place = parent === null ? { parentId: null, index: entry.index } : entry;
      return {
        story: {
          ...story,
          outline: [...insertNode(story.outline, entry.node, checkedPlace(story, entry.node, place))],
          trash: untrashed(story, entry),
        },
        inverse: { kind: 'node.delete', id: command.id, deletedAt: entry.deletedAt },
      };
    }

    case 'scene.update': {
      const scene = sceneOf(story, command.id);
      return {
        story: withScene(story, patched(scene, command.patch)),
        inverse: { kind: 'scene.update', id: command.id, patch: currentOf(scene, command.patch) },
      };
    }

    case 'text.edit': {
      const scene = sceneOf(story, command.id);
      if (scene.text === null) return refuse('The scene has not been read yet');
      const text = applyEdits(scene.text, command.edits) ?? refuse('The text is not the one that was edited');
      return {
        story: withScene(story, { ...scene, text, counts: countText(text) }),
        inverse: { kind: 'text.edit', id: command.id, edits: invertEdits(command.edits) },
      };
    }

    case 'alternative.add': {
      const scene = sceneOf(story, command.id);
      const alternatives = scene.alternatives.toSpliced(command.index, 0, command.alternative);
      return {
        story: withScene(story, { ...scene, alternatives }),
        inverse: { kind: 'alternative.remove', id: command.id, alternativeId: command.alternative.id },
      };
    }

    case 'alternative.remove': {
      const scene = sceneOf(story, command.id);
      const index = scene.alternatives.findIndex(({ id }) => id === command.alternativeId);
      const alternative = scene.alternatives[index] ?? refuse('No such alternative');
      return {
        story: withScene(story, { ...scene, alternatives: scene.alternatives.toSpliced(index, 1) }),
        inverse: { kind: 'alternative.add', id: command.id, alternative, index },
      };
    }

    case 'character.add': {
      const { character } = command;
      if (story.characters[character.id]) return refuse('That id is taken');
      return {
        story: {
          ...withCharacter(story, character),
          characterOrder: insertId(story.characterOrder, command.index, character.id),
        },
        inverse: { kind: 'character.remove', id: character.id },
      };
    }

    case 'character.remove': {
      const character = characterOf(story, command.id);
      const index = story.characterOrder.indexOf(command.id);
      if (index < 0) return refuse('The character is in the trash');
      return {
        story: {
          ...story,
          characters: without(story.characters, [command.id]),
          characterOrder: story.characterOrder.toSpliced(index, 1),
        },
        inverse: { kind: 'character.add', character, index },
      };
    }

    case 'character.update': {
      const character = characterOf(story, command.id);
      return {
        story: withCharacter(story, patched(character, command.patch)),
        inverse: { kind: 'character.update', id: command.id, patch: currentOf(character, command.patch) },
      };
    }

    case 'character.move': {
      const from = story.characterOrder.indexOf(command.id);
      if (from < 0) return refuse(`No character ${command.id}`);
      return {
        story: {
          ...story,
          characterOrder: insertId(story.characterOrder.toSpliced(from, 1), command.index, command.id),
        },
        inverse: { kind: 'character.move', id: command.id, index: from },
      };
    }

    case 'character.delete': {
      const index = story.characterOrder.indexOf(command.id);
      if (index < 0) return refuse(`No character ${command.id}`);
      const entry: TrashEntry = { kind: 'character', id: command.id, index, deletedAt: command.deletedAt };
      return {
        story: {
          ...story,
          characterOrder: story.characterOrder.toSpliced(index, 1),
          trash: withTrashed(story.trash, entry),
        },
        inverse: { kind: 'character.restore', id: command.id },
      };
    }

    case 'character.restore': {
      const entry = trashed(story, 'character', command.id);
      return {
        story: {
          ...story,
          characterOrder: insertId(story.characterOrder, entry.index, command.id),
          trash: untrashed(story, entry),
        },
        inverse: { kind: 'character.delete', id: command.id, deletedAt: entry.deletedAt },
      };
    }

    case 'image.add':
      if (story.images[command.image.id]) return refuse('The story has that picture already');
      return {
        story: { ...story, images: { ...story.images, [command.image.id]: command.image } },
        inverse: { kind: 'image.remove', id: command.image.id },
      };

    case 'image.remove': {
      const image = imageOf(story, command.id);
      if (isTrashedImage(story, command.id)) return refuse('The picture is in the trash');
      return {
        story: { ...story, images: without(story.images, [command.id]) },
        inverse: { kind: 'image.add', image },
      };
    }

    case 'image.update': {
      const image = imageOf(story, command.id);
      return {
        story: { ...story, images: { ...story.images, [image.id]: patched(image, command.patch) } },
        inverse: { kind: 'image.update', id: command.id, patch: currentOf(image, command.patch) },
      };
    }

    case 'image.delete': {
      imageOf(story, command.id);
      if (isTrashedImage(story, command.id)) return refuse('The picture is in the trash already');
      const entry: TrashEntry = { kind: 'image', id: command.id, deletedAt: command.deletedAt };
      return {
        story: { ...story, trash: withTrashed(story.trash, entry) },
        inverse: { kind: 'image.restore', id: command.id },
      };
    }

    case 'image.restore': {
      const entry = trashed(story, 'image', command.id);
      return {
        story: { ...story, trash: untrashed(story, entry) },
        inverse: { kind: 'image.delete', id: command.id, deletedAt: entry.deletedAt },
      };
    }

    case 'picture.attach': {
      const uses = picturesOf(story, command.owner);
      if (uses.some(({ imageId }) => imageId === command.use.imageId))
        return refuse('The picture hangs there already');
      imageOf(story, command.use.imageId);
      return {
        story: withPictures(story, command.owner, uses.toSpliced(command.index, 0, command.use)),
        inverse: { kind: 'picture.detach', owner: command.owner, imageId: command.use.imageId },
      };
    }

    case 'picture.detach': {
      const { use, index } = hangingIn(story, command.owner, command.imageId);
      return {
        story: withPictures(story, command.owner, picturesOf(story, command.owner).toSpliced(index, 1)),
        inverse: { kind: 'picture.attach', owner: command.owner, use, index },
      };
    }

    case 'picture.role': {
      const { use, index } = hangingIn(story, command.owner, command.imageId);
      const changed = { ...use, role: command.role };
      return {
        story: withPictures(
          story,
          command.owner,
          picturesOf(story, command.owner).toSpliced(index, 1, changed),
        ),
        inverse: { kind: 'picture.role', owner: command.owner, imageId: command.imageId, role: use.role },
      };
    }
  }
}

/** Applies commands in order, all or none; the inverses are in the order in which to apply them. */
export function applyCommands(
  story: Story,
  commands: readonly Command[],
): { story: Story; inverses: readonly Command[] } {
  const inverses: Command[] = [];
  let current = story;
  for (const command of commands) {
    const applied = applyCommand(current, command);
    current = applied.story;
    inverses.unshift(applied.inverse);
  }
  return { story: current, inverses };
}

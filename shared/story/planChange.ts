import { AppError } from '../errors/AppError.ts';
import { applyCommand } from './apply.ts';
import type { Character } from './character.ts';
import type { Command, PictureOwner } from './commands.ts';
import { createCharacter, createScene } from './create.ts';
import { equal } from './equal.ts';
import { CharacterId, NodeId, SceneId } from './ids.ts';
import type { PictureUse } from './image.ts';
import {
  findNode,
  insertNode,
  type OutlineNode,
  type OutlinePlace,
  placeOf,
  walkOutline,
} from './outline.ts';
import type { Scene } from './scene.ts';
import type { Story, TrashEntry } from './story.ts';
import { editBetween } from './textEdit.ts';

const storyKeys = [
  'title',
  'author',
  'language',
  'secondLanguage',
  'summary',
  'cover',
  'settings',
  'decisions',
] as const;
const sceneKeys = ['title', 'summary', 'status', 'lang', 'characterIds', 'authorNote'] as const;
const characterKeys = [
  'name',
  'aliases',
  'description',
  'visualDescription',
  'fields',
  'notes',
  'portrait',
] as const;
const imageKeys = ['alt', 'caption', 'tags', 'credit', 'licence', 'source'] as const;

/** The given keys of `to` where they differ from those of `from`; `null` where none does. */
function patchOf<Target extends object, Key extends keyof Target>(
  from: Target,
  to: Target,
  keys: readonly Key[],
): Partial<Pick<Target, Key>> | null {
  const changed = keys.filter((key) => !equal(from[key], to[key]));
  if (changed.length === 0) return null;
  return Object.fromEntries(changed.map((key) => [key, to[key]])) as Partial<Pick<Target, Key>>;
}

/** A story on its way to another, and the commands that took it there. */
class Path {
  story: Story;
  readonly commands: Command[] = [];
  #paddings = 0;

  constructor(story: Story) {
    this.story = story;
  }

  go(command: Command): void {
    this.story = applyCommand(this.story, command).story;
    this.commands.push(command);
  }

  /** Whether the story allowed it. */
  try(command: Command): boolean {
    try {
      this.go(command);
      return true;
    } catch (thrown) {
      if (thrown instanceof AppError) return false;
      throw thrown;
    }
  }

  /** An id that nothing in the story has. */
  padding(): string {
    for (;;) {
      const id = `padding${String(this.#paddings++).padStart(5, '0')}`;
      const taken =
        Object.hasOwn(this.story.scenes, id) ||
        Object.hasOwn(this.story.characters, id) ||
        findNode(this.story.outline, NodeId.parse(id));
      if (!taken) return id;
    }
  }
}

/**
 * Commands that turn `from` into `to`, text edits as small as can be; nothing for what is the same. The texts of scenes
 * that both have must have been read. Left alone, because no command changes them: the ids of the stories, and the
 * manifest keys that this version does not know.
 */
export function planChange(from: Story, to: Story): Command[] {
  const path = new Path(from);
  const patch = patchOf(from, to, storyKeys);
  if (patch) path.go({ kind: 'story.update', patch });

  const inTrash = trashedIds(from);
  const replaced = new Set<string>();
  for (const image of Object.values(to.images)) {
    const present = from.images[image.id];
    if (!present) path.go({ kind: 'image.add', image });
    else if (!equal(present, image)) {
      const changed = patchOf(present, image, imageKeys);
      if (changed) path.go({ kind: 'image.update', id: image.id, patch: changed });
      if (!equal(path.story.images[image.id], image)) {
        path.go({ kind: 'image.remove', id: image.id });
        path.go({ kind: 'image.add', image });
      }
    }
  }
  for (const scene of Object.values(to.scenes)) {
    const present = from.scenes[scene.id];
    if (present && !equal(present, scene) && !changeScene(path, present, scene)) replaced.add(scene.id);
  }
  for (const character of Object.values(to.characters)) {
    const present = from.characters[character.id];
    if (present && !equal(present, character) && !changeCharacter(path, present, character)) {
      replaced.add(character.id);
    }
  }

  const trashStays = equal(from.trash, to.trash) && !Array.from(inTrash).some((id) => replaced.has(id));
  if (!trashStays) emptyTrash(path);
  replaceAndAdd(path, to, replaced);
  if (!trashStays) for (const entry of to.trash) fillTrash(path, entry);
  arrange(path, to);
  return path.commands;
}

function trashedIds(story: Story): Set<string> {
  return new Set(
    story.trash.flatMap((entry) =>
      entry.kind === 'node'
        ? Array.from(walkOutline([entry.node]), ({ node }) => node.id as string)
        : [entry.id],
    ),
  );
}

/** Whether commands alone made the scene the other one; an unknown key that changed needs it replaced. */
function changeScene(path: Path, from: Scene, to: Scene): boolean {
  const patch = patchOf(from, to, sceneKeys);
  if (patch) path.go({ kind: 'scene.update', id: from.id, patch });
  if (from.text !== null && to.text !== null) {
    const edit = editBetween(from.text, to.text);
    if (edit) path.go({ kind: 'text.edit', id: from.id, edits: [edit] });
  }
  changePictures(path, { kind: 'scene', id: from.id }, from.pictures, to.pictures);
  for (const { id } of from.alternatives) {
    if (
      equal(
        from.alternatives.find((other) => other.id === id),
        to.alternatives.find((other) => other.id === id),
      )
    )
      continue;
    path.try({ kind: 'alternative.remove', id: from.id, alternativeId: id });
  }
  for (const [index, alternative] of to.alternatives.entries()) {
    const now = path.story.scenes[from.id]?.alternatives ?? [];
    if (equal(now[index], alternative)) continue;
    if (now.some(({ id }) => id === alternative.id)) {
      path.try({ kind: 'alternative.remove', id: from.id, alternativeId: alternative.id });
    }
    path.try({ kind: 'alternative.add', id: from.id, alternative, index });
  }
  const isUnread = from.text === null || to.text === null;
  const target = isUnread ? { ...to, text: from.text, counts: from.counts } : to;
  return equal(path.story.scenes[from.id], target);
}

function changeCharacter(path: Path, from: Character, to: Character): boolean {
  const patch = patchOf(from, to, characterKeys);
  if (patch) path.go({ kind: 'character.update', id: from.id, patch });
  changePictures(path, { kind: 'character', id: from.id }, from.pictures, to.pictures);
  return equal(path.story.characters[from.id], to);
}

function changePictures(
  path: Path,
  owner: PictureOwner,
  from: readonly PictureUse[],
  to: readonly PictureUse[],
): void {
  const wanted = new Set(to.map(({ imageId }) => imageId));
  const now = [...from];
  for (const { imageId } of from) {
    if (!wanted.has(imageId) && path.try({ kind: 'picture.detach', owner, imageId })) {
      now.splice(
        now.findIndex((use) => use.imageId === imageId),
        1,
      );
    }
  }
  for (const [index, use] of to.entries()) {
    const at = now.findIndex(({ imageId }) => imageId === use.imageId);
    if (at === index && now[at]?.role !== use.role) {
      path.try({ kind: 'picture.role', owner, imageId: use.imageId, role: use.role });
    } else if (at !== index) {
      if (at >= 0 && path.try({ kind: 'picture.detach', owner, imageId: use.imageId })) now.splice(at, 1);
      if (path.try({ kind: 'picture.attach', owner, use, index })) now.splice(index, 0, use);
    }
  }
}

const entryId = (entry: TrashEntry): string => (entry.kind === 'node' ? entry.node.id : entry.id);

function emptyTrash(path: Path): void {
  for (const entry of path.story.trash.toReversed()) {
    if (entry.kind === 'node') path.try({ kind: 'node.restore', id: NodeId.parse(entryId(entry)) });
    else if (entry.kind === 'character') path.try({ kind: 'character.restore', id: entry.id });
    else path.try({ kind: 'image.restore', id: entry.id });
  }
}

/** Brings in what only `to` has; exchanges what no command could change. Places are put right later. */
function replaceAndAdd(path: Path, to: Story, replaced: ReadonlySet<string>): void {
  for (const scene of Object.values(to.scenes)) {
    const place = placeOf(path.story.outline, scene.id) ?? {
      parentId: null,
      index: path.story.outline.length,
    };
    const here = path.story.scenes[scene.id];
    if (here && !replaced.has(scene.id)) continue;
    if (here && !path.try({ kind: 'node.remove', id: scene.id })) continue;
    path.try({
      kind: 'scene.add',
      scene: scene.text === null ? { ...scene, text: here?.text ?? '' } : scene,
      ...place,
    });
  }
  for (const character of Object.values(to.characters)) {
    const here = path.story.characters[character.id];
    if (here && !replaced.has(character.id)) continue;
    const index = here ? path.story.characterOrder.indexOf(character.id) : path.story.characterOrder.length;
    if (here && !path.try({ kind: 'character.remove', id: character.id })) continue;
    path.try({ kind: 'character.add', character, index: Math.max(0, index) });
  }
}

function fillTrash(path: Path, entry: TrashEntry): void {
  if (entry.kind === 'image') {
    path.try({ kind: 'image.delete', id: entry.id, deletedAt: entry.deletedAt });
  } else if (entry.kind === 'character') {
    const paddings: CharacterId[] = [];
    while (path.story.characterOrder.length - 1 < entry.index) {
      const character = createCharacter({ id: CharacterId.parse(path.padding()), name: '' });
      path.go({ kind: 'character.add', character, index: path.story.characterOrder.length });
      paddings.push(character.id);
    }
    path.try({ kind: 'character.move', id: entry.id, index: entry.index });
    path.try({ kind: 'character.delete', id: entry.id, deletedAt: entry.deletedAt });
    for (const id of paddings) path.go({ kind: 'character.remove', id });
  } else {
    fillTrashWithNode(path, entry);
  }
}

/** Deletes the node from where the entry says that it stood; what is needed to stand there is put up and taken down. */
function fillTrashWithNode(path: Path, entry: Extract<TrashEntry, { kind: 'node' }>): void {
  const { node, parentId, index } = entry;
  place(path, node, { parentId: null, index: path.story.outline.length });
  const paddings: NodeId[] = [];
  if (parentId !== null && !findNode(path.story.outline, parentId)) {
    path.go({
      kind: 'group.add',
      node: { kind: 'part', id: parentId, title: '', children: [] },
      parentId: null,
      index: path.story.outline.length,
    });
  }
  while (siblings(path, parentId).filter(({ id }) => id !== node.id).length < index) {
    const scene = createScene({ id: SceneId.parse(path.padding()), lang: 'en' });
    path.go({ kind: 'scene.add', scene, parentId, index: siblings(path, parentId).length });
    paddings.push(scene.id);
  }
  path.try({ kind: 'node.move', id: node.id, parentId, index });
  path.try({ kind: 'node.delete', id: node.id, deletedAt: entry.deletedAt });
  for (const id of paddings) path.go({ kind: 'node.remove', id });
}

function siblings(path: Path, parentId: NodeId | null): readonly OutlineNode[] {
  if (parentId === null) return path.story.outline;
  const parent = findNode(path.story.outline, parentId);
  return parent === undefined || parent.kind === 'scene' ? [] : parent.children;
}

/** Makes `node` stand at `where` with exactly its children; strangers among them are moved to the end of the story. */
function place(path: Path, node: OutlineNode, where: OutlinePlace): void {
  const toTheEnd = (id: NodeId) =>
    path.go({ kind: 'node.move', id, parentId: null, index: path.story.outline.length });
  let here = findNode(path.story.outline, node.id);
  if (here && here.kind !== 'scene' && here.kind !== node.kind) {
    for (const child of here.children) toTheEnd(child.id);
    path.go({ kind: 'node.remove', id: here.id });
    here = undefined;
  }
  if (!here) {
    if (node.kind === 'scene') return;
    path.try({ kind: 'group.add', node: { ...node, children: [] }, ...where });
  } else if (!equal(placeOf(path.story.outline, node.id), where)) {
    path.try({ kind: 'node.move', id: node.id, ...where });
  }
  if (node.kind === 'scene') return;
  if (here && here.kind !== 'scene' && here.title !== node.title) {
    path.go({ kind: 'group.rename', id: node.id, title: node.title });
  }
  for (const [index, child] of node.children.entries()) place(path, child, { parentId: node.id, index });
  for (const stranger of siblings(path, node.id).slice(node.children.length)) toTheEnd(stranger.id);
}

/** Puts outline, characters and pictures into the order of `to` and takes away what it does not have. */
function arrange(path: Path, to: Story): void {
  if (!equal(path.story.outline, to.outline)) {
    for (const [index, node] of to.outline.entries()) place(path, node, { parentId: null, index });
    const wanted = new Set(Array.from(walkOutline(to.outline), ({ node }) => node.id));
    for (const { node } of Array.from(walkOutline(path.story.outline)).reverse()) {
      if (!wanted.has(node.id)) path.try({ kind: 'node.remove', id: node.id });
    }
  }
  for (const id of path.story.characterOrder) {
    if (!Object.hasOwn(to.characters, id)) path.try({ kind: 'character.remove', id });
  }
  for (const [index, id] of to.characterOrder.entries()) {
    if (path.story.characterOrder[index] !== id) path.try({ kind: 'character.move', id, index });
  }
  for (const { id } of Object.values(path.story.images)) {
    if (!Object.hasOwn(to.images, id)) path.try({ kind: 'image.remove', id });
  }
}

/** `present` with the given scenes as they were in `past`; a scene that is gone comes back where it stood. */
export function withScenesOf(present: Story, past: Story, sceneIds: readonly SceneId[]): Story {
  const scenes = { ...present.scenes };
  let outline = present.outline;
  for (const id of sceneIds) {
    const scene = past.scenes[id];
    if (!scene) continue;
    if (!scenes[id]) {
      const was = placeOf(past.outline, id) ?? { parentId: null, index: outline.length };
      const isThere = was.parentId === null || findNode(outline, was.parentId);
      const place = isThere ? was : { parentId: null, index: outline.length };
      outline = [...insertNode(outline, { kind: 'scene', id }, place)];
    }
    scenes[id] = scene;
  }
  return { ...present, scenes, outline };
}

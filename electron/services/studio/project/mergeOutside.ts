import { equal } from '#shared/story/equal.ts';
import type { CharacterId, SceneId } from '#shared/story/ids.ts';
import { insertNode, sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { shellOf } from '../files/manifestFile.ts';
import { repairedShell } from './repair.ts';

/** Three states of a story: as the files had it when we last looked, in memory, and as the files have it now. */
export interface ThreeWays {
  readonly saved: Story;
  readonly mine: Story;
  readonly theirs: Story;
  /** Scenes whose files have other bytes than when we last looked. */
  readonly changed: ReadonlySet<SceneId>;
  /** Scenes that `saved` has and whose files are not there any more. */
  readonly vanished: ReadonlySet<SceneId>;
}

/** What comes of it. */
export interface Merged {
  /** The story to have in memory; nothing that was changed here is lost in it. */
  readonly target: Story;
  /** Scenes changed on both sides, in different ways: they stay as they are here. */
  readonly conflicts: readonly SceneId[];
  /** Scenes that are now as the files have them. */
  readonly taken: ReadonlySet<SceneId>;
  /** Scenes changed on both sides, here without their text: ours will be written around their text. */
  readonly rebased: ReadonlySet<SceneId>;
  readonly takenCharacters: ReadonlySet<CharacterId>;
  readonly tookShell: boolean;
  readonly tookImages: boolean;
}

/** Brings outside changes in, wherever the same part was not changed here too. Pure. */
export function mergeOutside({ saved, mine, theirs, changed, vanished }: ThreeWays): Merged {
  const scenes: Record<SceneId, Scene> = { ...mine.scenes };
  const conflicts: SceneId[] = [];
  const taken = new Set<SceneId>();
  const rebased = new Set<SceneId>();
  for (const scene of Object.values(theirs.scenes)) {
    const { id } = scene;
    const was = saved.scenes[id];
    const here = mine.scenes[id];
    if (vanished.has(id)) continue;
    if (was && (!here || !changed.has(id))) continue;
    if (!here || here === was) {
      scenes[id] = here?.text === null ? { ...scene, text: null } : scene;
      taken.add(id);
    } else if (equal(here, scene)) taken.add(id);
    else if (here.text === null) rebased.add(id);
    else conflicts.push(id);
  }

  const characters = { ...mine.characters };
  const takenCharacters = new Set<CharacterId>();
  for (const character of Object.values(theirs.characters)) {
    const was = saved.characters[character.id];
    const here = mine.characters[character.id];
    if ((was && equal(was, character)) || (was && !here) || here !== was) continue;
    characters[character.id] = character;
    takenCharacters.add(character.id);
  }

  const tookImages = !equal(saved.images, theirs.images) && mine.images === saved.images;
  const images = tookImages ? theirs.images : mine.images;
  const tookShell = !equal(shellOf(saved), shellOf(theirs)) && equal(shellOf(mine), shellOf(saved));
  const base = tookShell ? { ...shellOf(theirs), id: mine.id } : shellOf(mine);
  const { shell } = repairedShell(base, {
    scenePaths: new Map(),
    characterIds: Object.values(characters).map(({ id }) => id),
    imageIds: new Set(Object.values(images).map(({ id }) => id)),
    keepScenes: (id) => Object.hasOwn(scenes, id),
  });
  const placed = new Set<string>([
    ...sceneOrder(shell.outline),
    ...shell.trash.flatMap((entry) => (entry.kind === 'node' ? sceneOrder([entry.node]) : [])),
  ]);
  let outline = shell.outline;
  for (const { id } of Object.values(scenes)) {
    if (placed.has(id)) continue;
    outline = [...insertNode(outline, { kind: 'scene', id }, { parentId: null, index: outline.length })];
  }
  const target: Story = { ...shell, id: mine.id, outline, scenes, characters, images };
  return { target, conflicts, taken, rebased, takenCharacters, tookShell, tookImages };
}

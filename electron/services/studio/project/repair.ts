import { isDeepStrictEqual } from 'node:util';
import type { CharacterId, ImageId, NodeId, SceneId } from '#shared/story/ids.ts';
import { insertNode, type OutlineNode, placeOf } from '#shared/story/outline.ts';
import type { TrashEntry } from '#shared/story/story.ts';
import { type Manifest, repairedOutline } from '../files/manifestFile.ts';

/** What the files say there is. */
export interface Found {
  readonly scenePaths: ReadonlyMap<SceneId, string>;
  readonly characterIds: readonly CharacterId[];
  readonly imageIds: ReadonlySet<ImageId>;
  /** Scenes that stay where the manifest has them although no path is given. */
  readonly keepScenes?: (id: NodeId) => boolean;
}

type Shell = Manifest['shell'];

/** Finding each a place among its neighbours is quadratic; many at once are a rebuilt story, in order of their names. */
const mostPlacedOneByOne = 32;

/** The manifest's order, made true: nothing in it that no file holds, everything in it that a file holds. */
export function repairedShell(shell: Shell, found: Found): { shell: Shell; changed: boolean } {
  const taken = new Set<NodeId>();
  const scenes: ReadonlyMap<NodeId, string> = found.scenePaths;
  const exists = found.keepScenes ?? ((id: NodeId) => scenes.has(id));
  const outline = repairedOutline(shell.outline, exists, taken);
  const inTrash = new Set<string>();
  const trash = shell.trash.flatMap((entry): TrashEntry[] => {
    if (entry.kind === 'image' || entry.kind === 'character') {
      const exists =
        entry.kind === 'image' ? found.imageIds.has(entry.id) : found.characterIds.includes(entry.id);
      if (!exists || inTrash.has(entry.id)) return [];
      inTrash.add(entry.id);
      return [entry];
    }
    const [node] = repairedOutline([entry.node], exists, taken);
    return node ? [{ ...entry, node }] : [];
  });
  const missing = Array.from(found.scenePaths).filter(([id]) => !taken.has(id));
  const ordered = Array.from(new Set(shell.characterOrder)).filter(
    (id) => found.characterIds.includes(id) && !inTrash.has(id),
  );
  missing.sort(([, a], [, b]) => (a < b ? -1 : 1));
  const repaired: Shell = {
    ...shell,
    outline:
      taken.size === 0 || missing.length > mostPlacedOneByOne
        ? [...outline, ...missing.map(([id]): OutlineNode => ({ kind: 'scene', id }))]
        : missing.reduce((nodes, [id, path]) => adopted(nodes, id, path, found.scenePaths), outline),
    trash: trash.toSorted((a, b) => (a.deletedAt < b.deletedAt ? -1 : a.deletedAt > b.deletedAt ? 1 : 0)),
    characterOrder: [
      ...ordered,
      ...found.characterIds.filter((id) => !ordered.includes(id) && !inTrash.has(id)),
    ],
  };
  return { shell: repaired, changed: !isDeepStrictEqual(repaired, shell) };
}

/** Puts a found scene behind the scene whose file comes before its own by name; at the end where there is none. */
function adopted(
  outline: OutlineNode[],
  id: SceneId,
  path: string,
  paths: ReadonlyMap<SceneId, string>,
): OutlineNode[] {
  let before: { path: string; parentId: NodeId | null; index: number } | null = null;
  for (const [otherId, otherPath] of paths) {
    if (otherPath >= path || (before !== null && otherPath < before.path)) continue;
    const place = placeOf(outline, otherId);
    if (place) before = { path: otherPath, parentId: place.parentId, index: place.index + 1 };
  }
  const place = before ?? { parentId: null, index: outline.length };
  return [...insertNode(outline, { kind: 'scene', id }, place)];
}

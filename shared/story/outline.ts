import { z } from 'zod';
import { NodeId, SceneId } from './ids.ts';

export const SceneNode = z.object({ kind: z.literal('scene'), id: SceneId });
export type SceneNode = z.infer<typeof SceneNode>;

export interface GroupNode {
  readonly kind: 'part' | 'chapter';
  readonly id: NodeId;
  readonly title: string;
  readonly children: readonly OutlineNode[];
}
export type OutlineNode = SceneNode | GroupNode;

/** The order of the story. Parts hold chapters and scenes, chapters hold scenes; a short story may hold scenes alone. */
export const OutlineNode: z.ZodType<OutlineNode> = z.discriminatedUnion('kind', [
  SceneNode,
  z.object({
    kind: z.enum(['part', 'chapter']),
    id: NodeId,
    title: z.string(),
    get children() {
      return z.array(OutlineNode);
    },
  }),
]);

export type Outline = readonly OutlineNode[];

/** Where a node stands: its parent (`null` at the top) and its place among its siblings. */
export interface OutlinePlace {
  readonly parentId: NodeId | null;
  readonly index: number;
}

const childrenOf = (node: OutlineNode): Outline => (node.kind === 'scene' ? [] : node.children);

/** Every node in reading order, with its depth (0 at the top). */
export function* walkOutline(outline: Outline, depth = 0): Generator<{ node: OutlineNode; depth: number }> {
  for (const node of outline) {
    yield { node, depth };
    yield* walkOutline(childrenOf(node), depth + 1);
  }
}

/** Scene ids in reading order. */
export function sceneOrder(outline: Outline): SceneId[] {
  return Array.from(walkOutline(outline), ({ node }) => node).flatMap((node) =>
    node.kind === 'scene' ? [node.id] : [],
  );
}

export function findNode(outline: Outline, id: NodeId): OutlineNode | undefined {
  for (const { node } of walkOutline(outline)) if (node.id === id) return node;
  return undefined;
}

export function placeOf(
  outline: Outline,
  id: NodeId,
  parentId: NodeId | null = null,
): OutlinePlace | undefined {
  for (const [index, node] of outline.entries()) {
    if (node.id === id) return { parentId, index };
    const below = placeOf(childrenOf(node), id, node.id);
    if (below) return below;
  }
  return undefined;
}

/** Whether `child` may stand directly under `parent` (`null`: the top). */
export function mayContain(parent: OutlineNode | null, child: OutlineNode): boolean {
  if (parent === null) return true;
  if (parent.kind === 'part') return child.kind !== 'part';
  return parent.kind === 'chapter' && child.kind === 'scene';
}

const mapGroups = (outline: Outline, change: (group: GroupNode) => GroupNode): OutlineNode[] =>
  outline.map((node) =>
    node.kind === 'scene' ? node : change({ ...node, children: mapGroups(node.children, change) }),
  );

export const insertNode = (
  outline: Outline,
  node: OutlineNode,
  { parentId, index }: OutlinePlace,
): Outline =>
  parentId === null
    ? outline.toSpliced(index, 0, node)
    : mapGroups(outline, (group) =>
        group.id === parentId ? { ...group, children: group.children.toSpliced(index, 0, node) } : group,
      );

export const removeNode = (outline: Outline, id: NodeId): Outline =>
  outline
    .filter((node) => node.id !== id)
    .map((node) => (node.kind === 'scene' ? node : { ...node, children: removeNode(node.children, id) }));

export const renameNode = (outline: Outline, id: NodeId, title: string): Outline =>
  mapGroups(outline, (group) => (group.id === id ? { ...group, title } : group));

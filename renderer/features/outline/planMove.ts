import type { NodeId } from '#shared/story/ids.ts';
import {
  findNode,
  mayContain,
  type Outline,
  type OutlineNode,
  type OutlinePlace,
  placeOf,
  removeNode,
} from '#shared/story/outline.ts';

const childrenAt = (outline: Outline, parentId: NodeId | null): Outline => {
  if (parentId === null) return outline;
  const parent = findNode(outline, parentId);
  return parent && parent.kind !== 'scene' ? parent.children : [];
};

const allowed = (outline: Outline, node: OutlineNode, place: OutlinePlace): OutlinePlace | null => {
  const parent = place.parentId === null ? null : findNode(outline, place.parentId);
  return parent !== undefined && mayContain(parent, node) ? place : null;
};

/**
 * Where a node goes when it is dropped before, after or on another; `null` where it may not stand. The index counts
 * without the node itself, as `node.move` does.
 */
export function planDrop(
  outline: Outline,
  id: NodeId,
  target: { readonly id: NodeId; readonly position: 'before' | 'after' | 'on' },
): OutlinePlace | null {
  const node = findNode(outline, id);
  if (!node || id === target.id) return null;
  const rest = removeNode(outline, id);
  const onto = findNode(rest, target.id);
  const beside = placeOf(rest, target.id);
  if (!onto || !beside) return null;
  if (target.position === 'on') {
    return allowed(rest, node, { parentId: onto.id, index: childrenAt(rest, onto.id).length });
  }
  return allowed(rest, node, { ...beside, index: beside.index + (target.position === 'after' ? 1 : 0) });
}

/** One step up or down in reading order: past a neighbour, into the group beside it, or out of its own. */
export function planStep(outline: Outline, id: NodeId, direction: 'up' | 'down'): OutlinePlace | null {
  const node = findNode(outline, id);
  const place = placeOf(outline, id);
  if (!node || !place) return null;
  const siblings = childrenAt(outline, place.parentId);
  const neighbour = siblings[place.index + (direction === 'up' ? -1 : 1)];
  if (neighbour) {
    if (neighbour.kind !== 'scene' && mayContain(neighbour, node)) {
      return { parentId: neighbour.id, index: direction === 'up' ? neighbour.children.length : 0 };
    }
    return { parentId: place.parentId, index: place.index + (direction === 'up' ? -1 : 1) };
  }
  if (place.parentId === null) return null;
  const outer = placeOf(outline, place.parentId);
  if (!outer) return null;
  return allowed(outline, node, { ...outer, index: outer.index + (direction === 'up' ? 0 : 1) });
}

/** Where a new node goes so that it follows the chosen one: inside it if it may stand there, else beside it or its parents. */
export function planInsert(outline: Outline, chosen: NodeId | null, kind: OutlineNode['kind']): OutlinePlace {
  const sample = { kind, id: '' as NodeId, title: '', children: [] } as OutlineNode;
  let at = chosen === null ? undefined : findNode(outline, chosen);
  if (at && mayContain(at, sample)) return { parentId: at.id, index: childrenAt(outline, at.id).length };
  while (at) {
    const place = placeOf(outline, at.id);
    if (!place) break;
    const next = { ...place, index: place.index + 1 };
    if (allowed(outline, sample, next)) return next;
    at = place.parentId === null ? undefined : findNode(outline, place.parentId);
  }
  return { parentId: null, index: outline.length };
}

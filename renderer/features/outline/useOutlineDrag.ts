import { type DragAndDropHooks, useDragAndDrop } from 'react-aria-components';
import type { NodeId } from '#shared/story/ids.ts';
import { findNode, type OutlineNode } from '#shared/story/outline.ts';
import { nodeDragType } from '../../components/dragTypes.ts';
import { takeDrop } from '../../components/pictures/takeDrop.ts';
import { moveOutlineNode } from '../../stores/outlineActions.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { planDrop } from './planMove.ts';

const outlineNow = () => useStoryStore.getState().story?.outline ?? [];

/** Dragging in the outline: nodes among each other, and pictures from the library or the desktop onto scenes. */
export function useOutlineDrag(titleOf: ReadonlyMap<NodeId, string>): {
  dragAndDropHooks: DragAndDropHooks<OutlineNode>;
} {
  return useDragAndDrop<OutlineNode>({
    getItems: (keys) =>
      [...keys].map((key) => ({
        [nodeDragType]: String(key),
        'text/plain': titleOf.get(key as NodeId) ?? '',
      })),
    acceptedDragTypes: 'all',
    getDropOperation: (target, types, allowedOperations) => {
      if (target.type !== 'item') return 'cancel';
      if (types.has(nodeDragType)) return 'move';
      const node = findNode(outlineNow(), target.key as NodeId);
      if (node?.kind !== 'scene' || target.dropPosition !== 'on') return 'cancel';
      return allowedOperations.includes('copy') ? 'copy' : (allowedOperations[0] ?? 'cancel');
    },
    onMove: ({ keys, target }) => {
      for (const key of keys) {
        const place = planDrop(outlineNow(), key as NodeId, {
          id: target.key as NodeId,
          position: target.dropPosition,
        });
        if (place) moveOutlineNode(key as NodeId, place);
      }
    },
    onItemDrop: ({ items, target, isInternal }) => {
      const node = findNode(outlineNow(), target.key as NodeId);
      if (!isInternal && node?.kind === 'scene') takeDrop(items, { kind: 'scene', id: node.id });
    },
  });
}

import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Collection, type Key, ListLayout, Tree, TreeItem, Virtualizer } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { NodeId } from '#shared/story/ids.ts';
import { findNode, type OutlineNode, placeOf, walkOutline } from '#shared/story/outline.ts';
import { deleteOutlineNode, moveOutlineNode, nodeTitle } from '../../stores/outlineActions.ts';
import { openScene, useSelection } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { NodeRow } from './NodeRow.tsx';
import styles from './Outline.module.css';
import { planStep } from './planMove.ts';
import { RenameBox } from './RenameBox.tsx';
import { useOutlineDrag } from './useOutlineDrag.ts';

export interface OutlineTreeProps {
  readonly chosen: NodeId | null;
  readonly renaming: NodeId | null;
  onChoose(id: NodeId | null): void;
  onRename(id: NodeId | null): void;
}

const rowSize = 34;
/** A longer story begins with its parts and chapters closed, but for those of the open scene. */
const longOutline = 100;

/** Parts, chapters and scenes as a tree: arrows move through it, Ctrl with arrows moves what is chosen. */
export function OutlineTree({ chosen, renaming, onChoose, onRename }: OutlineTreeProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const outline = useStoryStore((state) => state.story?.outline ?? []);
  const titles = useStoryStore(
    useShallow((state) =>
      state.story
        ? Array.from(walkOutline(state.story.outline), ({ node }) =>
            state.story ? nodeTitle(state.story, node) : '',
          )
        : [],
    ),
  );
  const titleOf = useMemo(() => {
    const nodes = Array.from(walkOutline(outline), ({ node }) => node.id);
    return new Map(nodes.map((id, index) => [id, titles[index] ?? '']));
  }, [outline, titles]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const sceneId = useSelection((selection) => selection.sceneId);
  const [closed, setClosed] = useState<ReadonlySet<Key>>(() => closedAtFirst(outline));
  const { dragAndDropHooks } = useOutlineDrag(titleOf);

  useEffect(() => {
    if (sceneId !== null) onChoose(sceneId);
  }, [sceneId, onChoose]);

  useEffect(() => {
    if (sceneId === null) return;
    const parents = ancestorsOf(useStoryStore.getState().story?.outline ?? [], sceneId);
    setClosed((now) =>
      parents.some((id) => now.has(id))
        ? new Set([...now].filter((id) => !parents.includes(id as NodeId)))
        : now,
    );
  }, [sceneId]);

  const expanded = useMemo(
    () =>
      new Set(
        Array.from(walkOutline(outline), ({ node }) => node)
          .filter((node) => node.kind !== 'scene' && !closed.has(node.id))
          .map(({ id }) => id as Key),
      ),
    [outline, closed],
  );

  const keyed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || isReadOnly || chosen === null) return;
    if ((event.ctrlKey || event.metaKey) && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      event.stopPropagation();
      const place = planStep(outline, chosen, event.key === 'ArrowUp' ? 'up' : 'down');
      if (place) moveOutlineNode(chosen, place);
    } else if (event.key === 'F2') {
      event.preventDefault();
      onRename(chosen);
    } else if (event.key === 'Delete') {
      event.preventDefault();
      deleteOutlineNode(chosen);
    }
  };

  const choose = (id: NodeId | undefined) => {
    onChoose(id ?? null);
    const node = id === undefined ? undefined : findNode(outline, id);
    if (node?.kind === 'scene') openScene(node.id);
  };

  const row = (node: OutlineNode) => (
    <TreeItem
      id={node.id}
      textValue={titleOf.get(node.id) || t('app.untitled')}
      className={styles.item}
      hasChildItems={node.kind !== 'scene' && node.children.length > 0}
    >
      <NodeRow node={node} isReadOnly={isReadOnly} onRename={onRename} />
      {node.kind !== 'scene' && expanded.has(node.id) && <Collection items={node.children}>{row}</Collection>}
    </TreeItem>
  );

  return (
    <div ref={host} className={styles.treeHost} onKeyDownCapture={keyed}>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize }}>
        <Tree
          aria-label={t('outline.label')}
          className={styles.tree}
          items={outline}
          dependencies={[titleOf, isReadOnly, expanded]}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={chosen === null ? [] : [chosen]}
          onSelectionChange={(keys) =>
            choose(keys === 'all' ? undefined : ([...keys][0] as NodeId | undefined))
          }
          expandedKeys={expanded}
          onExpandedChange={(keys) =>
            setClosed(
              new Set(Array.from(walkOutline(outline), ({ node }) => node.id).filter((id) => !keys.has(id))),
            )
          }
          {...(isReadOnly ? {} : { dragAndDropHooks })}
        >
          {row}
        </Tree>
      </Virtualizer>
      {renaming !== null && (
        <RenameBox
          key={renaming}
          host={host}
          id={renaming}
          title={titleOf.get(renaming) ?? ''}
          onDone={() => onRename(null)}
        />
      )}
    </div>
  );
}

function closedAtFirst(outline: readonly OutlineNode[]): ReadonlySet<Key> {
  const nodes = Array.from(walkOutline(outline), ({ node }) => node);
  if (nodes.length <= longOutline) return new Set();
  const { sceneId } = useSelection.getState();
  const open = new Set<Key>(sceneId === null ? [] : ancestorsOf(outline, sceneId));
  return new Set(nodes.filter(({ kind, id }) => kind !== 'scene' && !open.has(id)).map(({ id }) => id));
}

function ancestorsOf(outline: readonly OutlineNode[], id: NodeId): NodeId[] {
  const parentId = placeOf(outline, id)?.parentId ?? null;
  return parentId === null ? [] : [parentId, ...ancestorsOf(outline, parentId)];
}

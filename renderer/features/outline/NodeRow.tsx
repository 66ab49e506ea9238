import { ChevronRight, EllipsisVertical, GripVertical } from 'lucide-react';
import { Button, TreeItemContent } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '#shared/story/ids.ts';
import { type OutlineNode, sceneOrder } from '#shared/story/outline.ts';
import { SceneStatus } from '#shared/story/scene.ts';
import { type Action, ActionMenu } from '../../components/ActionMenu.tsx';
import { IconButton } from '../../components/Button.tsx';
import { StatusDot } from '../../components/StatusDot.tsx';
import { useFormat } from '../../i18n/format.ts';
import {
  addGroup,
  addScene,
  deleteOutlineNode,
  moveOutlineNode,
  nodeTitle,
  setSceneStatus,
} from '../../stores/outlineActions.ts';
import { openStory, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Outline.module.css';
import { planStep } from './planMove.ts';

export interface NodeRowProps {
  readonly node: OutlineNode;
  readonly isReadOnly: boolean;
  onRename(id: NodeId): void;
}

/** One row of the outline: its place, name, status and size, and what can be done with it. */
export function NodeRow({ node, isReadOnly, onRename }: NodeRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const title =
    useStoryStore((state) => (state.story ? nodeTitle(state.story, node) : '')) || t('app.untitled');
  const status = useStoryStore((state) =>
    node.kind === 'scene' ? state.story?.scenes[node.id]?.status : undefined,
  );
  const lang = useStoryStore((state) =>
    node.kind === 'scene' ? state.story?.scenes[node.id]?.lang : state.story?.language,
  );
  const words = useStoryStore((state) =>
    sceneOrder([node]).reduce((sum, id) => sum + (state.story?.scenes[id]?.counts.words ?? 0), 0),
  );
  const actions = (): (Action | 'separator')[] => {
    const { outline } = openStory().story;
    const step = (direction: 'up' | 'down') => {
      const place = planStep(outline, node.id, direction);
      if (place) moveOutlineNode(node.id, place);
    };
    const inside = (index: number) => ({ parentId: node.id, index });
    const common: (Action | 'separator')[] = [
      { id: 'rename', label: t('outline.rename'), keys: 'F2', run: () => onRename(node.id) },
      {
        id: 'up',
        label: t('outline.moveUp'),
        keys: 'Ctrl ↑',
        isDisabled: planStep(outline, node.id, 'up') === null,
        run: () => step('up'),
      },
      {
        id: 'down',
        label: t('outline.moveDown'),
        keys: 'Ctrl ↓',
        isDisabled: planStep(outline, node.id, 'down') === null,
        run: () => step('down'),
      },
      'separator',
      {
        id: 'delete',
        label: t('outline.delete'),
        isDanger: true,
        keys: 'Del',
        run: () => deleteOutlineNode(node.id),
      },
    ];
    if (node.kind === 'scene') {
      const statuses = SceneStatus.options.map((value) => ({
        id: value,
        label: t(`scene.statuses.${value}`),
        icon: <StatusDot status={value} isLabelled />,
        run: () => setSceneStatus(node.id, value),
      }));
      return [{ id: 'status', label: t('outline.status'), items: statuses }, ...common];
    }
    const adds: Action[] = [
      { id: 'scene', label: t('outline.addScene'), run: () => addScene(inside(node.children.length)) },
    ];
    if (node.kind === 'part') {
      adds.push({
        id: 'chapter',
        label: t('outline.addChapter'),
        run: () => addGroup('chapter', inside(node.children.length)),
      });
    }
    return [...adds, 'separator', ...common];
  };

  return (
    <TreeItemContent>
      {({ hasChildItems, level, allowsDragging, isExpanded }) => (
        <div
          className={`${styles.row} ${node.kind === 'scene' ? '' : styles.group} ${node.kind === 'part' ? styles.part : ''}`}
          style={{ paddingInlineStart: `${String((level - 1) * 16)}px` }}
        >
          {allowsDragging && (
            <Button slot="drag" className={styles.grip} aria-label={t('outline.dragged', { title })}>
              <GripVertical size={12} aria-hidden />
            </Button>
          )}
          {node.kind === 'scene' ? (
            <span className={styles.lead}>{status && <StatusDot status={status} />}</span>
          ) : (
            <Button
              slot="chevron"
              className={`${styles.chevron} ${isExpanded ? styles.open : ''}`}
              isDisabled={!hasChildItems}
              aria-label={t('outline.expand', { title })}
            >
              <ChevronRight size={14} aria-hidden />
            </Button>
          )}
          <span className={styles.title} lang={lang === 'zh' ? 'zh-Hans' : 'en'}>
            {title}
          </span>
          {words > 0 && (
            <span className={styles.count}>
              <span aria-hidden>{format.number(words)}</span>
              <span className="visually-hidden">{t('app.words', { count: words })}</span>
            </span>
          )}
          {!isReadOnly && (
            <span className={styles.menu}>
              <ActionMenu label={t('outline.menuFor', { title })} actions={actions()}>
                <IconButton
                  small
                  label={t('outline.menuFor', { title })}
                  icon={<EllipsisVertical size={14} aria-hidden />}
                />
              </ActionMenu>
            </span>
          )}
        </div>
      )}
    </TreeItemContent>
  );
}

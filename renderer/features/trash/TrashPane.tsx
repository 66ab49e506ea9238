import { Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '#shared/story/commands.ts';
import type { Story, TrashEntry } from '#shared/story/story.ts';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { useFormat } from '../../i18n/format.ts';
import { nodeTitle } from '../../stores/outlineActions.ts';
import { openCharacter, openScene } from '../../stores/selectionStore.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Trash.module.css';

const idOf = (entry: TrashEntry): string => (entry.kind === 'node' ? entry.node.id : entry.id);

function titleOf(story: Story, entry: TrashEntry): string {
  if (entry.kind === 'node') return nodeTitle(story, entry.node);
  if (entry.kind === 'character') return story.characters[entry.id]?.name ?? '';
  const image = story.images[entry.id];
  return image ? pictureName(image, story.language) : '';
}

function restoring(entry: TrashEntry): Command {
  if (entry.kind === 'node') return { kind: 'node.restore', id: entry.node.id };
  return entry.kind === 'character'
    ? { kind: 'character.restore', id: entry.id }
    : { kind: 'image.restore', id: entry.id };
}

/** What was deleted, newest first, each with a way back. */
export function TrashPane() {
  const { t } = useTranslation();
  const format = useFormat();
  const story = useStoryStore((state) => state.story);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!story || story.trash.length === 0) {
    return <EmptyState title={t('trash.empty')} hint={t('trash.emptyHint')} />;
  }
  const putBack = (entry: TrashEntry) => {
    if (!dispatch([restoring(entry)], { label: t('step.restore') })) return;
    if (entry.kind === 'node' && entry.node.kind === 'scene') openScene(entry.node.id);
    if (entry.kind === 'character') openCharacter(entry.id);
  };
  return (
    <ul className={styles.list} aria-label={t('trash.label')}>
      {story.trash.toReversed().map((entry) => {
        const title = titleOf(story, entry) || t('app.untitled');
        const kind = entry.kind === 'node' ? entry.node.kind : entry.kind;
        return (
          <li key={`${entry.kind}-${idOf(entry)}`} className={styles.item}>
            <span className={styles.text}>
              <span className={styles.title}>{title}</span>
              <span className={styles.facts}>
                {t(`trash.kinds.${kind}`)} · {t('trash.deletedAt', { when: format.ago(entry.deletedAt) })}
              </span>
            </span>
            {!isReadOnly && (
              <Button
                small
                look="outline"
                aria-label={t('trash.restoreItem', { title })}
                onPress={() => putBack(entry)}
              >
                <Undo2 size={14} aria-hidden />
                {t('app.restore')}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

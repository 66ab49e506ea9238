import { BookMarked, FilePlus2, FolderPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '#shared/story/ids.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { addGroup, addScene } from '../../stores/outlineActions.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Outline.module.css';
import { OutlineTree } from './OutlineTree.tsx';
import { planInsert } from './planMove.ts';

/** The order of the story, with what may be added to it. */
export function OutlinePane() {
  const { t } = useTranslation();
  const outline = useStoryStore((state) => state.story?.outline ?? []);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const [chosen, setChosen] = useState<NodeId | null>(null);
  const [renaming, setRenaming] = useState<NodeId | null>(null);

  const add = (kind: 'scene' | 'chapter' | 'part') => {
    const place = planInsert(outline, chosen, kind);
    const id = kind === 'scene' ? addScene(place) : addGroup(kind, place);
    if (id === null) return;
    setChosen(id);
    setRenaming(id);
  };

  return (
    <div className={styles.pane}>
      {outline.length === 0 ? (
        <EmptyState title={t('outline.empty')} hint={t('outline.emptyHint')}>
          {!isReadOnly && (
            <Button look="solid" onPress={() => add('scene')}>
              {t('outline.addScene')}
            </Button>
          )}
        </EmptyState>
      ) : (
        <OutlineTree chosen={chosen} onChoose={setChosen} renaming={renaming} onRename={setRenaming} />
      )}
      {!isReadOnly && (
        <div className={styles.foot}>
          <Button small onPress={() => add('scene')}>
            <FilePlus2 size={16} aria-hidden />
            {t('outline.addScene')}
          </Button>
          <span className={styles.footEnd}>
            <IconButton
              small
              label={t('outline.addChapter')}
              icon={<FolderPlus size={16} aria-hidden />}
              onPress={() => add('chapter')}
            />
            <IconButton
              small
              label={t('outline.addPart')}
              icon={<BookMarked size={16} aria-hidden />}
              onPress={() => add('part')}
            />
          </span>
        </div>
      )}
    </div>
  );
}

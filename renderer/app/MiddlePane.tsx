import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { SceneEditor } from '../features/editor/SceneEditor.tsx';
import { SceneHeader } from '../features/scenes/SceneHeader.tsx';
import { addScene } from '../stores/outlineActions.ts';
import { useSelection } from '../stores/selectionStore.ts';
import { useStoryStore } from '../stores/storyStore.ts';
import styles from './Desk.module.css';

/** The open scene: what it is, and its text. */
export function MiddlePane() {
  const { t } = useTranslation();
  const { sceneId, focusMode } = useSelection();
  const exists = useStoryStore((state) => sceneId !== null && state.story?.scenes[sceneId] !== undefined);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const length = useStoryStore((state) => state.story?.outline.length ?? 0);
  if (sceneId === null || !exists) {
    return (
      <EmptyState title={t('desk.noScene')} hint={t('desk.noSceneHint')}>
        {!isReadOnly && (
          <Button look="solid" onPress={() => addScene({ parentId: null, index: length })}>
            {t('outline.addScene')}
          </Button>
        )}
      </EmptyState>
    );
  }
  return (
    <>
      {!focusMode && <SceneHeader key={`head-${sceneId}`} sceneId={sceneId} />}
      <div className={styles.text}>
        <SceneEditor key={sceneId} sceneId={sceneId} />
      </div>
    </>
  );
}

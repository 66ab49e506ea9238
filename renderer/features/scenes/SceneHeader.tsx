import { useTranslation } from 'react-i18next';
import type { SceneId } from '#shared/story/ids.ts';
import { SceneStatus } from '#shared/story/scene.ts';
import { SelectField } from '../../components/Choice.tsx';
import { TextField } from '../../components/Field.tsx';
import { StatusDot } from '../../components/StatusDot.tsx';
import { changeScene, setSceneStatus } from '../../stores/outlineActions.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Scenes.module.css';

/** Title, summary and status of the open scene, above its text. */
export function SceneHeader({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const scene = useStoryStore((state) => state.story?.scenes[sceneId]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!scene) return null;
  return (
    <header className={styles.header} lang={scene.lang === 'zh' ? 'zh-Hans' : 'en'}>
      <div className={styles.headerMain}>
        <div className={styles.titleField}>
          <TextField
            label={t('scene.title')}
            labelHidden
            quiet
            ofStory
            multiline
            rows={1}
            isReadOnly={isReadOnly}
            placeholder={t('scene.titlePlaceholder')}
            value={scene.title}
            onChange={(title) => changeScene(sceneId, { title: title.replace(/\s*\n\s*/g, ' ') }, 'title')}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.preventDefault();
            }}
          />
        </div>
        <SelectField
          label={t('scene.status')}
          labelHidden
          small
          isDisabled={isReadOnly}
          value={scene.status}
          onChange={(status) => setSceneStatus(sceneId, status)}
          options={SceneStatus.options.map((status) => ({
            value: status,
            label: t(`scene.statuses.${status}`),
            mark: <StatusDot status={status} isLabelled />,
          }))}
        />
      </div>
      <div className={styles.summaryField}>
        <TextField
          label={t('scene.summary')}
          labelHidden
          quiet
          ofStory
          multiline
          rows={1}
          isReadOnly={isReadOnly}
          placeholder={t('scene.summaryPlaceholder')}
          value={scene.summary}
          onChange={(summary) => changeScene(sceneId, { summary }, 'summary')}
        />
      </div>
    </header>
  );
}

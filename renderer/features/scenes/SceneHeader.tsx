import { useTranslation } from 'react-i18next';
import type { CommandOf } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { SceneStatus } from '#shared/story/scene.ts';
import { SelectField } from '../../components/Choice.tsx';
import { TextField } from '../../components/Field.tsx';
import { StatusDot } from '../../components/StatusDot.tsx';
import { setSceneStatus } from '../../stores/outlineActions.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Scenes.module.css';

/** Title, summary and status of the open scene, above its text. */
export function SceneHeader({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const scene = useStoryStore((state) => state.story?.scenes[sceneId]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!scene) return null;
  const change = (patch: CommandOf<'scene.update'>['patch'], field: string) =>
    dispatch([{ kind: 'scene.update', id: sceneId, patch }], {
      label: t('step.sceneDetails'),
      merge: `scene:${sceneId}:${field}`,
    });
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
            onChange={(title) => change({ title: title.replace(/\s*\n\s*/g, ' ') }, 'title')}
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
          onChange={(summary) => change({ summary }, 'summary')}
        />
      </div>
    </header>
  );
}

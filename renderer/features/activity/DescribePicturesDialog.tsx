import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { JobOptions } from '#shared/models/job.ts';
import type { ImageId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { undescribed } from '#shared/story/undescribed.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { startJob } from '../../stores/jobsStore.ts';
import { useSelection } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Activity.module.css';

type Style = JobOptions<'describe-pictures'>['style'];
type Scope = 'story' | 'scene';

/** Asks which pictures shall be described, for what, and in which language; then begins the job. */
export function DescribePicturesDialog({ onClose }: { onClose(): void }) {
  const story = useStoryStore((state) => state.story);
  return story && <DescribePictures story={story} onClose={onClose} />;
}

function DescribePictures({ story, onClose }: { readonly story: Story; onClose(): void }) {
  const { t } = useTranslation();
  const sceneId = useSelection((selection) => selection.sceneId);
  const [style, setStyle] = useState<Style>('alt');
  const [language, setLanguage] = useState<Language>(story.language);
  const [scope, setScope] = useState<Scope>('story');
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const inScene = sceneId === null ? undefined : story.scenes[sceneId]?.pictures;
  const items = useMemo((): ImageId[] => {
    const all = undescribed(story, style, language);
    if (scope === 'story' || !inScene) return all;
    const those = new Set(inScene.map(({ imageId }) => imageId));
    return all.filter((id) => those.has(id));
  }, [story, style, language, scope, inScene]);
  const start = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      const order = { kind: 'describe-pictures', options: { style, language } } as const;
      await startJob(order, items, scope === 'scene' ? 'screen' : 'asked');
      openDialog('activity');
    } catch (thrown) {
      setError(AppError.from(thrown));
      setBusy(false);
    }
  };
  return (
    <AppDialog
      title={t('activity.describe.title')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button look="solid" isDisabled={items.length === 0 || isBusy} onPress={() => void start()}>
            {t('activity.describe.start')}
          </Button>
        </>
      }
    >
      <p className={styles.explain}>{t('activity.describe.explain')}</p>
      <SelectField<Style>
        label={t('activity.describe.style')}
        value={style}
        onChange={setStyle}
        options={(['alt', 'detailed'] as const).map((value) => ({
          value,
          label: t(`activity.describe.styles.${value}`),
        }))}
      />
      <SelectField<Language>
        label={t('activity.describe.language')}
        value={language}
        onChange={setLanguage}
        options={(['en', 'zh'] as const).map((value) => ({ value, label: t(`app.languages.${value}`) }))}
      />
      {inScene && (
        <SelectField<Scope>
          label={t('activity.describe.scope')}
          value={scope}
          onChange={setScope}
          options={(['story', 'scene'] as const).map((value) => ({
            value,
            label: t(`activity.describe.scopes.${value}`),
          }))}
        />
      )}
      <p role="status">
        {items.length === 0
          ? t('activity.describe.none')
          : t('activity.describe.found', { count: items.length })}
      </p>
      {error && <ErrorNote error={error} />}
    </AppDialog>
  );
}

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Opinion } from '#shared/models/feedback.ts';
import { TaskKind } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import { useApp } from '../../stores/appStore.ts';
import { tellError } from '../../stores/notices.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { Carry } from './Carry.tsx';
import { ModelRow } from './ModelRow.tsx';
import { modelsFor } from './modelsFor.ts';
import styles from './Preferences.module.css';

function ForgetAll({ onClose, onForget }: { onClose(): void; onForget(): void }) {
  const { t } = useTranslation();
  return (
    <AppDialog
      title={t('preferences.resetAllTitle')}
      mustAnswer
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button look="danger" onPress={onForget}>
            {t('preferences.resetAll')}
          </Button>
        </>
      }
    >
      <p>{t('preferences.resetAllDetail')}</p>
    </AppDialog>
  );
}

/** Which model is asked first for what, from votes and by hand. */
export function PreferencesDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const models = useApp((app) => app.models);
  const storyLanguage = useStoryStore((state) => state.story?.language ?? 'en');
  const [opinions, setOpinions] = useState<readonly Opinion[]>([]);
  const [task, setTask] = useState<TaskKind>('write');
  const [language, setLanguage] = useState<Language>(storyLanguage);
  const [isForgetting, setForgetting] = useState(false);

  const change = (work: () => Promise<unknown>) => {
    work()
      .then(() => client.feedback.list())
      .then(setOpinions)
      .catch((thrown: unknown) => tellError(AppError.from(thrown)));
  };
  useEffect(() => {
    client.feedback.list().then(setOpinions, (thrown: unknown) => tellError(AppError.from(thrown)));
  }, []);

  const rows = modelsFor(models, opinions, { task, language });
  return (
    <AppDialog
      size="wide"
      title={t('preferences.title')}
      onClose={onClose}
      foot={
        <Button look="danger" isDisabled={opinions.length === 0} onPress={() => setForgetting(true)}>
          {t('preferences.resetAll')}
        </Button>
      }
    >
      <p className={styles.explain}>{t('preferences.explain')}</p>
      <div className={styles.choose}>
        <SelectField<TaskKind>
          label={t('preferences.task')}
          value={task}
          onChange={setTask}
          options={TaskKind.options.map((value) => ({ value, label: t(`preferences.tasks.${value}`) }))}
        />
        <SelectField<Language>
          label={t('preferences.language')}
          value={language}
          onChange={setLanguage}
          options={Language.options.map((value) => ({ value, label: t(`app.languages.${value}`) }))}
        />
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t('preferences.none')} hint={t('preferences.noneHint')} />
      ) : (
        <ul className={styles.rows} aria-label={t('preferences.models')}>
          {rows.map(({ modelId, opinion }) => (
            <ModelRow
              key={modelId}
              modelId={modelId}
              opinion={opinion}
              name={nameOf(modelId)}
              onSet={(id, value) => change(() => client.feedback.set({ task, language, modelId: id, value }))}
              onReset={(id) => change(() => client.feedback.reset({ of: { task, language, modelId: id } }))}
            />
          ))}
        </ul>
      )}
      <Carry onTaken={() => change(async () => undefined)} />
      {isForgetting && (
        <ForgetAll
          onClose={() => setForgetting(false)}
          onForget={() => {
            setForgetting(false);
            change(() => client.feedback.reset({ of: null }));
          }}
        />
      )}
    </AppDialog>
  );
}

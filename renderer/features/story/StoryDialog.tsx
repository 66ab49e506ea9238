import { useTranslation } from 'react-i18next';
import type { CommandOf } from '#shared/story/commands.ts';
import { Language } from '#shared/story/scene.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox, SelectField } from '../../components/Choice.tsx';
import { TextField } from '../../components/Field.tsx';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Story.module.css';

/** What the story as a whole is: its title, author, languages, summary and cover. */
export function StoryDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!story) return null;
  const change = (patch: CommandOf<'story.update'>['patch'], field: string) =>
    dispatch([{ kind: 'story.update', patch }], { label: t('step.storyDetails'), merge: `story:${field}` });
  const common = { ofStory: true, isReadOnly };
  const cover = story.cover === null ? undefined : story.images[story.cover];
  const languages = Language.options.map((value) => ({ value, label: t(`app.languages.${value}`) }));
  return (
    <AppDialog title={t('desk.storyDetails')} onClose={onClose}>
      <div className={styles.top}>
        {cover && (
          <div className={styles.cover}>
            <Thumb image={cover} />
          </div>
        )}
        <div className={styles.fields}>
          <TextField
            {...common}
            label={t('start.title')}
            value={story.title}
            onChange={(title) => change({ title }, 'title')}
          />
          <TextField
            {...common}
            label={t('desk.author')}
            value={story.author}
            onChange={(author) => change({ author }, 'author')}
          />
        </div>
      </div>
      <div className={styles.two}>
        <SelectField
          label={t('start.storyLanguage')}
          isDisabled={isReadOnly}
          value={story.language}
          onChange={(language) =>
            change(
              { language, ...(story.secondLanguage === language ? { secondLanguage: null } : {}) },
              'language',
            )
          }
          options={languages}
        />
        <SelectField
          label={t('desk.secondLanguage')}
          isDisabled={isReadOnly}
          value={story.secondLanguage ?? 'none'}
          onChange={(value) => change({ secondLanguage: value === 'none' ? null : value }, 'secondLanguage')}
          options={[
            { value: 'none', label: t('desk.noSecondLanguage') },
            ...languages.filter(({ value }) => value !== story.language),
          ]}
        />
      </div>
      <TextField
        {...common}
        label={t('desk.summary')}
        hint={t('desk.storySummaryHint')}
        multiline
        rows={4}
        value={story.summary}
        onChange={(summary) => change({ summary }, 'summary')}
      />
      <Checkbox
        isSelected={story.settings.aiEnabled}
        isDisabled={isReadOnly}
        onChange={(aiEnabled) => change({ settings: { ...story.settings, aiEnabled } }, 'ai')}
      >
        {t('desk.aiEnabled')}
      </Checkbox>
      <div className={styles.acts}>
        {story.settings.aiEnabled && !isReadOnly && (
          <Button look="outline" onPress={() => openDialog('titles')}>
            {t('proposals.titles')}
          </Button>
        )}
        <Button look="outline" onPress={() => openDialog('templates')}>
          {t('templates.open')}
        </Button>
      </div>
    </AppDialog>
  );
}

import { Check, CircleAlert, PencilLine } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { countText } from '#shared/text/counts.ts';
import { client } from '../api/client.ts';
import { Button } from '../components/Button.tsx';
import { ActivityLine } from '../features/activity/ActivityLine.tsx';
import { WarmUpLine } from '../features/monitoring/WarmUpLine.tsx';
import { useFormat } from '../i18n/format.ts';
import { useApp } from '../stores/appStore.ts';
import { tellError } from '../stores/notices.ts';
import { select, useSelection } from '../stores/selectionStore.ts';
import { saveNow, useStoryStore } from '../stores/storyStore.ts';
import styles from './Desk.module.css';
import { DownloadLine } from './DownloadLine.tsx';

function SaveLine() {
  const { t } = useTranslation();
  const format = useFormat();
  const save = useStoryStore((state) => state.saveState);
  if (save.kind === 'failed') {
    return (
      <span className={styles.saveFailed} role="alert">
        <CircleAlert size={14} aria-hidden />
        {t('desk.notSaved', { why: t(`errors.${save.error.code}.title`) })}
        <Button small look="outline" onPress={() => void saveNow()}>
          {t('app.retry')}
        </Button>
      </span>
    );
  }
  const text =
    save.kind === 'saved'
      ? save.at === null
        ? t('desk.saved')
        : t('desk.savedAt', { time: format.time(save.at) })
      : t(save.kind === 'saving' ? 'desk.saving' : 'desk.changed');
  return (
    <span className={styles.saved}>
      {save.kind === 'saved' ? <Check size={14} aria-hidden /> : <PencilLine size={14} aria-hidden />}
      {text}
    </span>
  );
}

function CountLine() {
  const { t } = useTranslation();
  const sceneId = useSelection((selection) => selection.sceneId);
  const selected = useSelection((selection) => selection.text?.text ?? '');
  const counts = useStoryStore((state) =>
    sceneId === null ? undefined : state.story?.scenes[sceneId]?.counts,
  );
  const total = useStoryStore((state) =>
    state.story
      ? sceneOrder(state.story.outline).reduce(
          (sum, id) => sum + (state.story?.scenes[id]?.counts.words ?? 0),
          0,
        )
      : 0,
  );
  const selectedWords = useMemo(() => (selected === '' ? 0 : countText(selected).words), [selected]);
  return (
    <>
      {selectedWords > 0 ? (
        <span>{t('desk.selected', { count: selectedWords })}</span>
      ) : (
        counts && (
          <span title={t('desk.sceneCharacters', { count: counts.charactersNoSpaces })}>
            {t('desk.sceneCount', { count: counts.words })}
          </span>
        )
      )}
      <span>{t('desk.storyCount', { count: total })}</span>
    </>
  );
}

function ProcessLine({ process }: { readonly process: 'engine' | 'imaging' }) {
  const { t } = useTranslation();
  const { state } = useApp((app) => app[process]);
  if (process === 'imaging' && state !== 'stopped') return null;
  const restart = async () => {
    try {
      await client.app.restart({ process });
    } catch (thrown) {
      tellError(AppError.from(thrown));
    }
  };
  return (
    <span className={styles.saved} title={state === 'stopped' ? t('desk.processStopped') : undefined}>
      {process === 'engine' ? t(`desk.engine.${state}`) : t('desk.imagingStopped')}
      {state === 'stopped' && (
        <Button small look="outline" onPress={() => void restart()}>
          {t('desk.restartEngine')}
        </Button>
      )}
    </span>
  );
}

/** Counts, whether the work is saved, and how the processes are. */
export function StatusBar() {
  const { t } = useTranslation();
  const lang = useStoryStore((state) => state.story?.language ?? 'en');
  const focusMode = useSelection((selection) => selection.focusMode);
  return (
    <footer className={styles.status}>
      <SaveLine />
      <CountLine />
      <span className={styles.statusEnd}>
        {focusMode ? (
          <Button small onPress={() => select({ focusMode: false })}>
            {t('desk.leaveFocus')}
          </Button>
        ) : (
          <>
            <ActivityLine />
            <WarmUpLine />
            <DownloadLine />
            <ProcessLine process="imaging" />
            <ProcessLine process="engine" />
            <span>{t(`app.languages.${lang}`)}</span>
          </>
        )}
      </span>
    </footer>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Decision } from '#shared/story/decision.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox, SelectField } from '../../components/Choice.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Progress } from '../../components/Progress.tsx';
import { openDialog, useApp } from '../../stores/appStore.ts';
import { useSelection } from '../../stores/selectionStore.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Consistency.module.css';
import { type CheckState, runCheck, stopCheck, useCheck } from './checkStore.ts';
import { FindingItem } from './FindingItem.tsx';
import { LookSection } from './LookSection.tsx';

/** What a check can do here, and what it cannot for want of a model. */
function PictureNote({
  canSee,
  isOff,
  isScene,
}: {
  readonly canSee: boolean;
  readonly isOff: boolean;
  readonly isScene: boolean;
}) {
  const { t } = useTranslation();
  if (canSee && !isOff && !isScene) return null;
  const reason = isOff ? 'modelsOff' : canSee ? 'scenePictures' : 'noSeer';
  return (
    <p className={styles.note}>
      {t(`consistency.${reason}`)}
      {reason === 'noSeer' && (
        <Button small look="outline" onPress={() => openDialog('models')}>
          {t('errorUi.openModels')}
        </Button>
      )}
    </p>
  );
}

/** How the last check went: running, stopped, failed, or done. */
function Report({ check }: { readonly check: CheckState }) {
  const { t } = useTranslation();
  const { progress, done, error, findings, isRunning } = check;
  return (
    <>
      {progress && (
        <div className={styles.progress}>
          <Progress
            label={t('consistency.progress')}
            value={progress.total === 0 ? 1 : progress.done / progress.total}
          />
          <span className={styles.count}>
            {progress.step === 'reading'
              ? t('consistency.reading', { done: progress.done, total: progress.total })
              : t('consistency.looking', { done: progress.done + 1, total: progress.total })}
          </span>
        </div>
      )}
      {error && <ErrorNote error={error} />}
      <p className={styles.count} role="status">
        {!isRunning && done && (
          <>
            {t('consistency.found', { count: findings.length })} ·{' '}
            {t('consistency.read', { count: done.scenesRead, known: done.scenesKnown })}
          </>
        )}
      </p>
      {done?.problem && (
        <>
          <p>{t('consistency.unasked', { count: done.unanswered })}</p>
          <ErrorNote error={AppError.fromReport(done.problem)} />
        </>
      )}
    </>
  );
}

const none: readonly Decision[] = [];

/** The writer's decisions that keep findings away, and the way to take them all back. */
function Decisions() {
  const { t } = useTranslation();
  const decisions = useStoryStore((state) => state.story?.decisions ?? none);
  const looks = decisions.filter(({ kind }) => kind === 'look');
  const count = decisions.length - looks.length;
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (count === 0) return null;
  return (
    <p className={styles.note}>
      {t('consistency.decisions', { count })}
      {!isReadOnly && (
        <Button
          small
          onPress={() =>
            dispatch([{ kind: 'story.update', patch: { decisions: looks } }], {
              label: t('consistency.forgetStep'),
            })
          }
        >
          {t('consistency.forget')}
        </Button>
      )}
    </p>
  );
}

/** Looks for contradictions in the story or a scene, and lets the writer fix, mean or ignore each. */
export function ConsistencyDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const sceneId = useSelection((selection) => selection.sceneId);
  const sessionId = useStoryStore((state) => state.opened?.sessionId ?? null);
  const isOff = useStoryStore((state) => state.story?.settings.aiEnabled === false);
  const canSee = useApp((app) =>
    app.models.some(
      ({ manifest, status }) =>
        manifest.capabilities.question_answering &&
        status.state !== 'absent' &&
        status.state !== 'installing',
    ),
  );
  const last = useCheck();
  const [scope, setScope] = useState<'story' | 'scene'>('story');
  const [pictures, setPictures] = useState(true);
  const isScene = scope === 'scene' && sceneId !== null;
  const check = last.sessionId === sessionId ? last : null;
  const looks = canSee && !isOff && !isScene;
  return (
    <AppDialog size="wide" title={t('consistency.title')} onClose={onClose}>
      <p className={styles.explain}>{t('consistency.explain')}</p>
      <div className={styles.ask}>
        {sceneId !== null && (
          <SelectField<'story' | 'scene'>
            label={t('consistency.scope')}
            labelHidden
            value={scope}
            onChange={setScope}
            options={[
              { value: 'story', label: t('consistency.wholeStory') },
              { value: 'scene', label: t('consistency.thisScene') },
            ]}
          />
        )}
        {check?.isRunning ? (
          <Button look="outline" onPress={stopCheck}>
            {t('consistency.stop')}
          </Button>
        ) : (
          <Button
            look="solid"
            onPress={() => void runCheck({ sceneId: isScene ? sceneId : null, pictures: pictures && looks })}
          >
            {t(check?.done ? 'consistency.again' : 'consistency.run')}
          </Button>
        )}
        {looks && (
          <Checkbox isSelected={pictures} onChange={setPictures}>
            {t('consistency.pictures')}
          </Checkbox>
        )}
      </div>
      <PictureNote canSee={canSee} isOff={isOff} isScene={isScene} />
      <Decisions />
      {check ? <Report check={check} /> : <EmptyState title={t('consistency.notYet')} />}
      {check && !check.isRunning && check.done && check.findings.length === 0 && (
        <EmptyState title={t('consistency.none')} hint={t('consistency.noneHint')} />
      )}
      {check && check.findings.length > 0 && (
        <ol className={styles.list} aria-label={t('consistency.title')}>
          {check.findings.map((finding) => (
            <FindingItem key={finding.id} finding={finding} onShow={onClose} />
          ))}
        </ol>
      )}
      <LookSection onShow={onClose} />
    </AppDialog>
  );
}

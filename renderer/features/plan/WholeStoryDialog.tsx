import { Square, WandSparkles } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nextStep, type StoryPlan } from '#shared/models/storyPlan.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { openDialog } from '../../stores/appStore.ts';
import {
  acceptPlan,
  discardPlan,
  editPlan,
  loadPlan,
  type PlanStep,
  runPlan,
  stopPlan,
  usePlan,
} from '../../stores/planStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Plan.module.css';
import { PlanBeginning } from './PlanBeginning.tsx';
import { PlanPeople } from './PlanPeople.tsx';
import { PlanScenes } from './PlanScenes.tsx';
import { PlanStagePart } from './PlanStagePart.tsx';

function PlanTitle({ plan, step }: { readonly plan: StoryPlan; readonly step: PlanStep | null }) {
  const { t } = useTranslation();
  const setTitle = (title: string) => editPlan({ kind: 'plan', patch: { title } });
  const others = plan.titles.filter((title) => title !== plan.title);
  return (
    <PlanStagePart plan={plan} stage="title" step={step}>
      <TextField label={t('plan.stages.title')} labelHidden value={plan.title} onChange={setTitle} />
      {others.length > 0 && (
        <div className={styles.titles}>
          {others.map((title) => (
            <Button
              small
              look="outline"
              key={title}
              aria-label={t('plan.useTitle', { title })}
              onPress={() => setTitle(title)}
            >
              {title}
            </Button>
          ))}
        </div>
      )}
    </PlanStagePart>
  );
}

/** Has a whole story written beside the open one, step by step. */
export function WholeStoryDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const { plan, isLoaded, step, isRunning, error } = usePlan();
  const [withTitle, setWithTitle] = useState(true);
  useEffect(() => {
    if (!usePlan.getState().isRunning) void loadPlan();
  }, []);
  if (!story || !isLoaded) return null;
  const isDone = plan !== null && nextStep(plan).kind === 'done';
  const accept = async () => {
    const labels = { step: t('plan.step'), snapshot: t('plan.snapshot') };
    if (await acceptPlan({ withTitle }, labels)) onClose();
  };
  return (
    <AppDialog
      size="full"
      title={t('plan.title')}
      onClose={onClose}
      foot={
        plan === null ? undefined : (
          <>
            <Button look="danger" onPress={() => void discardPlan()}>
              {t('plan.startOver')}
            </Button>
            <span className={styles.gap} />
            {plan.title.trim() !== '' && plan.title !== story.title && (
              <Checkbox isSelected={withTitle} onChange={setWithTitle}>
                {t('plan.acceptTitle')}
              </Checkbox>
            )}
            <Button
              look={isDone ? 'solid' : 'outline'}
              isDisabled={
                isReadOnly || isRunning || (plan.scenes.length === 0 && plan.characters.length === 0)
              }
              onPress={() => void accept()}
            >
              {t('plan.accept')}
            </Button>
            {isRunning ? (
              <Button look="outline" onPress={stopPlan}>
                <Square size={14} aria-hidden />
                {t('plan.stop')}
              </Button>
            ) : (
              !isDone && (
                <Button look="solid" onPress={() => void runPlan()}>
                  <WandSparkles size={16} aria-hidden />
                  {t('plan.goOn')}
                </Button>
              )
            )}
          </>
        )
      }
    >
      <p className={styles.quiet}>{t(isDone ? 'plan.done' : 'plan.explain')}</p>
      {error && (
        <>
          <ErrorNote error={error} />
          {error.code === 'task/no-route' && (
            <div className={styles.noPlanner}>
              <p>{t('plan.noPlanner')}</p>
              <Button look="outline" onPress={() => openDialog('models')}>
                {t('desk.models')}
              </Button>
            </div>
          )}
        </>
      )}
      {plan === null ? (
        <PlanBeginning story={story} />
      ) : (
        <div className={styles.stages}>
          <PlanTitle plan={plan} step={step} />
          <PlanPeople plan={plan} step={step} />
          <PlanScenes plan={plan} step={step} />
        </div>
      )}
    </AppDialog>
  );
}

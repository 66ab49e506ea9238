import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanStage, StoryPlan } from '#shared/models/storyPlan.ts';
import { Button } from '../../components/Button.tsx';
import { editPlan, type PlanStep } from '../../stores/planStore.ts';
import { LiveText } from './LiveText.tsx';
import styles from './Plan.module.css';

export interface PlanStagePartProps {
  readonly plan: StoryPlan;
  readonly stage: PlanStage;
  readonly step: PlanStep | null;
  /** More about the state, at the right of the heading. */
  readonly fact?: string;
  readonly children: ReactNode;
}

/** One stage of a plan: what is there of it, and what is being written. */
export function PlanStagePart({ plan, stage, step, fact, children }: PlanStagePartProps) {
  const { t } = useTranslation();
  const isSettled = plan.settled.includes(stage);
  const isWriting = step?.stage === stage;
  const state = isWriting ? 'writing' : isSettled ? 'settled' : 'waiting';
  const settle = (settled: boolean) => editPlan({ kind: 'settle', stage, isSettled: settled });
  return (
    <section className={styles.part} aria-labelledby={`plan-${stage}`}>
      <div className={styles.partHead}>
        <h3 id={`plan-${stage}`}>{t(`plan.stages.${stage}`)}</h3>
        <span className={styles.quiet}>{fact ?? t(`plan.states.${state}`)}</span>
        {stage !== 'scenes' && !isWriting && (
          <Button small look="outline" onPress={() => settle(!isSettled)}>
            {t(isSettled ? 'plan.again' : 'plan.asIs')}
          </Button>
        )}
      </div>
      {children}
      {isWriting && step.sceneId === null && <LiveText step={step} />}
    </section>
  );
}

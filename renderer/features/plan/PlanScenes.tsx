import { ArrowDown, ArrowUp, Plus, RotateCcw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PlannedScene, StoryPlan } from '#shared/models/storyPlan.ts';
import { createSceneId } from '#shared/story/ids.ts';
import { countText } from '#shared/text/counts.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import { editPlan, type PlanStep } from '../../stores/planStore.ts';
import { LiveText } from './LiveText.tsx';
import styles from './Plan.module.css';
import { PlanStagePart } from './PlanStagePart.tsx';

interface PlanScenesProps {
  readonly plan: StoryPlan;
  readonly step: PlanStep | null;
}

/** The scenes of a plan: what happens in each, then its text. */
export function PlanScenes({ plan, step }: PlanScenesProps) {
  const { t } = useTranslation();
  const done = plan.scenes.filter(({ isWritten }) => isWritten).length;
  const fact = plan.settled.includes('outline')
    ? t('plan.states.of', { done, count: plan.scenes.length })
    : undefined;
  return (
    <PlanStagePart plan={plan} stage="outline" step={step} {...(fact === undefined ? {} : { fact })}>
      <ol className={styles.scenes}>
        {plan.scenes.map((scene, index) => (
          <li key={scene.id}>
            <SceneRow
              scene={scene}
              index={index}
              isLast={index === plan.scenes.length - 1}
              step={step?.sceneId === scene.id ? step : null}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button small onPress={() => editPlan({ kind: 'scene', id: createSceneId(), patch: { title: '' } })}>
          <Plus size={14} aria-hidden />
          {t('plan.addScene')}
        </Button>
      </div>
    </PlanStagePart>
  );
}

interface SceneRowProps {
  readonly scene: PlannedScene;
  readonly index: number;
  readonly isLast: boolean;
  /** Its text, while it is written. */
  readonly step: PlanStep | null;
}

function SceneRow({ scene, index, isLast, step }: SceneRowProps) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const { id } = scene;
  const title = scene.title || t('app.untitled');
  const change = (patch: Partial<Pick<PlannedScene, 'title' | 'summary' | 'text' | 'isWritten'>>) =>
    editPlan({ kind: 'scene', id, patch });
  return (
    <div className={styles.scene}>
      <div className={styles.sceneHead}>
        <TextField
          label={t('plan.sceneTitle')}
          labelHidden
          placeholder={t('plan.sceneTitle')}
          value={scene.title}
          onChange={(next) => change({ title: next })}
        />
        <IconButton
          small
          label={t('plan.sceneUp', { title })}
          icon={<ArrowUp size={14} aria-hidden />}
          isDisabled={index === 0}
          onPress={() => editPlan({ kind: 'scene.move', id, index: index - 1 })}
        />
        <IconButton
          small
          label={t('plan.sceneDown', { title })}
          icon={<ArrowDown size={14} aria-hidden />}
          isDisabled={isLast}
          onPress={() => editPlan({ kind: 'scene.move', id, index: index + 1 })}
        />
        <IconButton
          small
          label={t('plan.removeScene', { title })}
          icon={<X size={14} aria-hidden />}
          onPress={() => editPlan({ kind: 'scene.remove', id })}
        />
      </div>
      <TextField
        label={t('plan.sceneSummary')}
        labelHidden
        placeholder={t('plan.sceneSummary')}
        multiline
        rows={2}
        value={scene.summary}
        onChange={(summary) => change({ summary })}
      />
      {step ? (
        <LiveText step={step} before={scene.text} />
      ) : (
        (scene.isWritten || scene.text !== '') && (
          <>
            <TextField
              label={t('plan.sceneText', { title })}
              labelHidden
              multiline
              rows={8}
              value={scene.text}
              onChange={(text) => change({ text })}
            />
            <div className={styles.sceneFoot}>
              <span className={styles.quiet}>
                {t('plan.words', { count: countText(scene.text).words })}
                {scene.modelId !== null && ` · ${t('plan.writtenBy', { model: nameOf(scene.modelId) })}`}
              </span>
              <Button small onPress={() => change({ text: '', isWritten: false })}>
                <RotateCcw size={14} aria-hidden />
                {t('plan.rewrite')}
              </Button>
            </div>
          </>
        )
      )}
    </div>
  );
}

import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StoryPlan } from '#shared/models/storyPlan.ts';
import { createCharacterId } from '#shared/story/ids.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { editPlan, type PlanStep } from '../../stores/planStore.ts';
import styles from './Plan.module.css';
import { PlanStagePart } from './PlanStagePart.tsx';

/** The characters of a plan. */
export function PlanPeople({ plan, step }: { readonly plan: StoryPlan; readonly step: PlanStep | null }) {
  const { t } = useTranslation();
  return (
    <PlanStagePart plan={plan} stage="characters" step={step}>
      <ul className={styles.rows}>
        {plan.characters.map((character) => (
          <li key={character.id} className={styles.person}>
            <TextField
              label={t('plan.characterName')}
              labelHidden
              placeholder={t('plan.characterName')}
              value={character.name}
              onChange={(name) => editPlan({ kind: 'character', character: { ...character, name } })}
            />
            <TextField
              label={t('plan.characterIs')}
              labelHidden
              placeholder={t('plan.characterIs')}
              multiline
              rows={1}
              value={character.description}
              onChange={(description) =>
                editPlan({ kind: 'character', character: { ...character, description } })
              }
            />
            <IconButton
              small
              label={t('plan.removeCharacter', { name: character.name })}
              icon={<X size={14} aria-hidden />}
              onPress={() => editPlan({ kind: 'character.remove', id: character.id })}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button
          small
          onPress={() =>
            editPlan({ kind: 'character', character: { id: createCharacterId(), name: '', description: '' } })
          }
        >
          <Plus size={14} aria-hidden />
          {t('plan.addCharacter')}
        </Button>
      </div>
    </PlanStagePart>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '#shared/story/commands.ts';
import { createCharacter } from '#shared/story/create.ts';
import { charactersOf } from '#shared/text/proposals/proposals.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Proposals.module.css';
import { ProposeDialog } from './ProposeDialog.tsx';
import { useProposals } from './useProposals.ts';

/** Characters to choose some from; those whose name is taken are left out. */
export function ProposeCharacters({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const proposals = useProposals('characters');
  const story = useStoryStore((state) => state.story);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (!story) return null;
  const known = new Set(
    Object.values(story.characters).flatMap(({ name, aliases }) =>
      [name, ...aliases].map((one) => one.toLowerCase()),
    ),
  );
  const proposed = charactersOf(proposals.answer).filter(({ name }) => !known.has(name.toLowerCase()));
  const chosen = proposed.filter(({ name }) => !left.has(name));
  const add = () => {
    const commands = chosen.map(
      (one, index): Command => ({
        kind: 'character.add',
        character: createCharacter(one),
        index: story.characterOrder.length + index,
      }),
    );
    if (dispatch(commands, { label: t('proposals.characterStep') })) onClose();
  };
  const choose = (name: string, isChosen: boolean) =>
    setLeft((names) => {
      const next = new Set(names);
      if (isChosen) next.delete(name);
      else next.add(name);
      return next;
    });
  return (
    <ProposeDialog
      title={t('proposals.titleCharacters')}
      proposals={proposals}
      isEmpty={proposed.length === 0}
      onClose={onClose}
      foot={
        <Button look="solid" isDisabled={proposals.isRunning || chosen.length === 0} onPress={add}>
          {t('proposals.add', { count: chosen.length })}
        </Button>
      }
    >
      <ul className={styles.list}>
        {proposed.map(({ name, description }) => (
          <li key={name} className={styles.row}>
            <Checkbox
              label={t('proposals.choose', { name })}
              isSelected={!left.has(name)}
              onChange={(isChosen) => choose(name, isChosen)}
            />
            <span>
              <span className={styles.name}>{name}</span>
              <br />
              <span className={styles.quiet}>{description}</span>
            </span>
          </li>
        ))}
      </ul>
    </ProposeDialog>
  );
}

import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from './StartScreen.module.css';

export interface StartActionProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  readonly isDisabled: boolean;
  onPress(): void;
}

/** One way to begin. */
export function StartAction({ icon, title, hint, isDisabled, onPress }: StartActionProps) {
  return (
    <Button className={styles.action} isDisabled={isDisabled} onPress={onPress}>
      <span className={styles.actionIcon}>{icon}</span>
      <span>
        <span className={styles.actionTitle}>{title}</span>
        <span className={styles.actionHint}>{hint}</span>
      </span>
    </Button>
  );
}

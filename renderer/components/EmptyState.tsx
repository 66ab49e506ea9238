import type { ReactNode } from 'react';
import styles from './controls.module.css';

export interface EmptyStateProps {
  readonly title: string;
  readonly hint?: string;
  /** What the writer can do about it. */
  readonly children?: ReactNode;
}

/** Said in the middle of a place that has nothing to show yet. */
export function EmptyState({ title, hint, children }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      {hint !== undefined && <p>{hint}</p>}
      {children}
    </div>
  );
}

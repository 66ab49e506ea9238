import { useTranslation } from 'react-i18next';
import type { SceneStatus } from '#shared/story/scene.ts';
import styles from './StatusDot.module.css';

export interface StatusDotProps {
  readonly status: SceneStatus;
  /** The word stands beside it already. */
  readonly isLabelled?: boolean;
}

/** How far a scene is: emptier or fuller, and coloured. The word is read aloud. */
export function StatusDot({ status, isLabelled = false }: StatusDotProps) {
  const { t } = useTranslation();
  if (isLabelled) return <span className={`${styles.dot} ${styles[status]}`} aria-hidden />;
  return (
    <span className={`${styles.dot} ${styles[status]}`} title={t(`scene.statuses.${status}`)}>
      <span className="visually-hidden">{t(`scene.statuses.${status}`)}</span>
    </span>
  );
}

import { ProgressBar } from 'react-aria-components';
import styles from './controls.module.css';

/** How far something is, 0…1. */
export function Progress({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <ProgressBar aria-label={label} value={value * 100}>
      {({ percentage }) => (
        <div className={styles.bar}>
          <div className={styles.barFill} style={{ width: `${String(percentage ?? 0)}%` }} />
        </div>
      )}
    </ProgressBar>
  );
}

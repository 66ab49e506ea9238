import { useTranslation } from 'react-i18next';
import { reconnect } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { Button } from '../components/Button.tsx';
import styles from './App.module.css';

/** Says that the host is gone, and offers to try again at once. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const state = useConnection((connection) => connection.state);
  if (state !== 'lost') return null;
  return (
    <div className={styles.banner} role="alert">
      <span className={styles.bannerTitle}>{t('host.lost')}</span>
      <span>{t('host.lostDetail')}</span>
      <span className={styles.bannerEnd}>
        <Button look="outline" small onPress={reconnect}>
          {t('app.retry')}
        </Button>
      </span>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Progress } from '../../components/Progress.tsx';
import { dismissFailedFiles, useImport } from '../../stores/pictureImport.ts';
import styles from './ImportStatus.module.css';

/** How far added files are, and afterwards which ones could not be added and why. */
export function ImportStatus() {
  const { t } = useTranslation();
  const { progress, failed } = useImport();
  return (
    <>
      {progress && (
        <div className={styles.progress} role="status">
          <span>
            {t('pictures.importing')}{' '}
            {t('pictures.importProgress', { done: Math.floor(progress.done / 2), total: progress.total / 2 })}
          </span>
          <Progress label={t('pictures.importing')} value={progress.done / progress.total} />
        </div>
      )}
      {!progress && failed.length > 0 && (
        <AppDialog
          title={t('pictures.someFailed', { count: failed.length })}
          onClose={dismissFailedFiles}
          foot={
            <Button look="solid" onPress={dismissFailedFiles}>
              {t('app.ok')}
            </Button>
          }
        >
          <ul className={styles.failed}>
            {failed.map(({ name, error }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and the list only grows.
              <li key={index}>
                <p className={styles.name}>{name}</p>
                <p>
                  {t(`errors.${error.code}.title`)}. {t(`errors.${error.code}.next`)}
                </p>
              </li>
            ))}
          </ul>
        </AppDialog>
      )}
    </>
  );
}

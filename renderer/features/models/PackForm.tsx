import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { Progress } from '../../components/Progress.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useApp } from '../../stores/appStore.ts';
import { tellError } from '../../stores/notices.ts';
import styles from './Models.module.css';
import type { PackWork } from './usePack.ts';

export interface PackFormProps {
  readonly id: string;
  readonly path: string;
  readonly purpose: 'import-pack' | 'export-pack';
  /** A file name to begin with in the system's dialog. */
  readonly name: string;
  /** What is going on while it goes on. */
  readonly doing: string;
  readonly work: PackWork;
  onPath(path: string): void;
  /** Told of a file that was chosen in the system's dialog, which asks before an old one is to be replaced. */
  onChosen?(path: string): void;
  onSubmit(): void;
}

/** Where a pack is or goes, how far it is, and what went wrong. */
export function PackForm({
  id,
  path,
  purpose,
  name,
  doing,
  work,
  onPath,
  onChosen,
  onSubmit,
}: PackFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  const isBusy = work.progress !== null;
  const browse = async () => {
    try {
      const chosen = await client.app.chooseFile({ purpose, name });
      if (chosen === null) return;
      onPath(chosen);
      onChosen?.(chosen);
    } catch (thrown) {
      tellError(AppError.from(thrown));
    }
  };
  return (
    <>
      <form
        id={id}
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '' && !isBusy) onSubmit();
        }}
      >
        <TextField
          label={t('models.packFile')}
          value={path}
          onChange={onPath}
          isDisabled={isBusy}
          autoFocus
        />
        {isDesktop && (
          <Button look="outline" isDisabled={isBusy} onPress={() => void browse()}>
            {t('app.browse')}
          </Button>
        )}
      </form>
      {work.progress !== null && (
        <div className={styles.progress}>
          <p>
            <span role="status">{doing}</span>
            <span className={styles.numbers}>{format.number(work.progress, { style: 'percent' })}</span>
          </p>
          <Progress label={doing} value={work.progress} />
        </div>
      )}
      {work.error && <ErrorNote error={work.error} />}
    </>
  );
}

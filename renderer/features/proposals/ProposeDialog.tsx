import { Square, WandSparkles } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { TaskErrorNote } from '../../components/TaskErrorNote.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import styles from './Proposals.module.css';
import type { Proposals } from './useProposals.ts';

export interface ProposeDialogProps {
  readonly title: string;
  readonly proposals: Proposals;
  /** Whether something of use has come. */
  readonly isEmpty: boolean;
  /** What is done with the chosen ones. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
  onClose(): void;
}

/** Asks a model for proposals, shows them as they come, and asks again as often as the writer likes. */
export function ProposeDialog({ title, proposals, isEmpty, foot, children, onClose }: ProposeDialogProps) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const [wish, setWish] = useState('');
  const { isRunning, isDone, loading, error, propose, stop } = proposals;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once when the dialog opens.
  useEffect(() => void propose(''), []);
  return (
    <AppDialog title={title} onClose={onClose} {...(foot === undefined ? {} : { foot })}>
      <p className={styles.quiet}>{t('proposals.hint')}</p>
      <div className={styles.ask}>
        <TextField label={t('proposals.wish')} value={wish} onChange={setWish} />
        {isRunning ? (
          <Button look="outline" onPress={stop}>
            <Square size={14} aria-hidden />
            {t('proposals.stop')}
          </Button>
        ) : (
          <Button look="outline" onPress={() => void propose(wish)}>
            <WandSparkles size={16} aria-hidden />
            {t(isEmpty ? 'proposals.propose' : 'proposals.again')}
          </Button>
        )}
      </div>
      {error && <TaskErrorNote error={error} />}
      {isRunning && isEmpty && (
        <p className={styles.quiet} role="status">
          {loading === null ? t('proposals.thinking') : t('proposals.loading', { model: nameOf(loading) })}
        </p>
      )}
      {isDone && isEmpty && !error && <p role="status">{t('proposals.none')}</p>}
      {children}
    </AppDialog>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conflict } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { WordDiff } from '../../components/WordDiff.tsx';
import { resolveConflict, useStoryStore } from '../../stores/storyStore.ts';

export interface ConflictDialogProps {
  readonly conflict: Conflict;
  onClose(): void;
}

/** Both versions of a scene that was changed here and outside; the writer takes one or merges them. */
export function ConflictDialog({ conflict, onClose }: ConflictDialogProps) {
  const { t } = useTranslation();
  const scene = useStoryStore((state) => state.story?.scenes[conflict.sceneId]);
  const [text, setText] = useState(conflict.mine);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const finish = async () => {
    if (isBusy) return;
    setBusy(true);
    try {
      await resolveConflict(conflict.sceneId, text);
      onClose();
    } catch (thrown) {
      setError(AppError.from(thrown));
      setBusy(false);
    }
  };
  return (
    <AppDialog
      size="wide"
      title={`${t('conflict.title')}: ${scene?.title || t('app.untitled')}`}
      onClose={onClose}
      foot={
        <>
          <Button onPress={() => setText(conflict.mine)}>{t('conflict.useMine')}</Button>
          <Button onPress={() => setText(conflict.theirs)}>{t('conflict.useTheirs')}</Button>
          <Button look="solid" onPress={() => void finish()}>
            {t('conflict.finish')}
          </Button>
        </>
      }
    >
      <p>{t('conflict.explain')}</p>
      {conflict.keptAs !== '' && <p>{t('conflict.keptAs', { file: conflict.keptAs })}</p>}
      <h3>{t('conflict.differences')}</h3>
      <WordDiff before={conflict.mine} after={conflict.theirs} language={scene?.lang ?? 'en'} />
      <TextField label={t('conflict.merged')} multiline rows={10} value={text} onChange={setText} />
      {error && <ErrorNote error={error} />}
    </AppDialog>
  );
}

import { useTranslation } from 'react-i18next';
import type { AppError } from '#shared/errors/AppError.ts';
import { openDialog } from '../stores/appStore.ts';
import { Button } from './Button.tsx';
import { ErrorNote } from './ErrorNote.tsx';

/** What went wrong with a task for a model; the way to the Models page where that is where to do something about it. */
export function TaskErrorNote({ error }: { readonly error: AppError }) {
  const { t } = useTranslation();
  const isOfModels = error.code === 'task/no-route' || error.code.startsWith('model/');
  return (
    <>
      <ErrorNote error={error} />
      {isOfModels && (
        <div>
          <Button small look="outline" onPress={() => openDialog('models')}>
            {t('errorUi.openModels')}
          </Button>
        </div>
      )}
    </>
  );
}

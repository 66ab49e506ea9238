import { useTranslation } from 'react-i18next';
import { AppDialog } from '../components/AppDialog.tsx';
import { Button } from '../components/Button.tsx';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { abandonStory } from '../stores/storyStore.ts';
import { useLeaving } from './leaveStory.ts';

/** The story could not be closed without losing something; the writer decides. */
function LeaveDialog() {
  const { t } = useTranslation();
  const error = useLeaving((leaving) => leaving.error);
  if (!error) return null;
  const stay = () => useLeaving.setState({ error: null });
  return (
    <AppDialog
      title={t('desk.closeFailed')}
      mustAnswer
      onClose={stay}
      foot={
        <>
          <Button
            look="danger"
            onPress={() => {
              stay();
              abandonStory();
            }}
          >
            {t('desk.closeAnyway')}
          </Button>
          <Button look="solid" onPress={stay}>
            {t('app.cancel')}
          </Button>
        </>
      }
    >
      <p>{t('desk.closeFailedDetail')}</p>
      <ErrorNote error={error} />
    </AppDialog>
  );
}

/** Dialogs that may stand over any screen. */
export function AppDialogs() {
  return <LeaveDialog />;
}

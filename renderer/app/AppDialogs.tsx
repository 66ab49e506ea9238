import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { AppDialog } from '../components/AppDialog.tsx';
import { Button } from '../components/Button.tsx';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { ActivityDialog } from '../features/activity/ActivityDialog.tsx';
import { DescribePicturesDialog } from '../features/activity/DescribePicturesDialog.tsx';
import { ExportDialog } from '../features/book/ExportDialog.tsx';
import { ConsistencyDialog } from '../features/consistency/ConsistencyDialog.tsx';
import { FindDialog } from '../features/find/FindDialog.tsx';
import { IllustrateDialog } from '../features/illustrate/IllustrateDialog.tsx';
import { SimilarDialog } from '../features/illustrate/SimilarDialog.tsx';
import { ModelsDialog } from '../features/models/ModelsDialog.tsx';
import { MonitoringDialog } from '../features/monitoring/MonitoringDialog.tsx';
import { ImportStatus } from '../features/pictures/ImportStatus.tsx';
import { PictureDialog } from '../features/pictures/PictureDialog.tsx';
import { WholeStoryDialog } from '../features/plan/WholeStoryDialog.tsx';
import { PreferencesDialog } from '../features/preferences/PreferencesDialog.tsx';
import { ProposeCharacters } from '../features/proposals/ProposeCharacters.tsx';
import { ProposeTitles } from '../features/proposals/ProposeTitles.tsx';
import { SettingsDialog } from '../features/settings/SettingsDialog.tsx';
import { ShortcutsDialog } from '../features/shortcuts/ShortcutsDialog.tsx';
import { SnapshotsDialog } from '../features/snapshots/SnapshotsDialog.tsx';
import { StoryDialog } from '../features/story/StoryDialog.tsx';
import { TalkDialog } from '../features/talk/TalkDialog.tsx';
import { TemplatesDialog } from '../features/templates/TemplatesDialog.tsx';
import { closeDialog, onMenuAction, openDialog, useApp } from '../stores/appStore.ts';
import { useSelection } from '../stores/selectionStore.ts';
import { abandonStory, useStoryStore } from '../stores/storyStore.ts';
import { useLeaving } from './leaveStory.ts';
import { reveal } from './revealStory.ts';

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

/** The dialog that was asked for; those about a story only while one is open. */
function ChosenDialog() {
  const kind = useApp((app) => app.dialog?.kind);
  const similarTo = useApp((app) => (app.dialog?.kind === 'similar' ? app.dialog.imageId : null));
  const isMac = useApp((app) => app.info?.platform === 'darwin');
  const isOpen = useStoryStore((state) => state.story !== null);
  const sceneId = useSelection((selection) => selection.sceneId);
  switch (kind) {
    case undefined:
      return null;
    case 'settings':
      return <SettingsDialog onClose={closeDialog} />;
    case 'models':
      return <ModelsDialog onClose={closeDialog} />;
    case 'monitoring':
      return <MonitoringDialog onClose={closeDialog} />;
    case 'preferences':
      return <PreferencesDialog onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutsDialog isMac={isMac} onClose={closeDialog} />;
    case 'activity':
      return <ActivityDialog onClose={closeDialog} />;
    case 'describe-pictures':
      return isOpen ? <DescribePicturesDialog onClose={closeDialog} /> : null;
    case 'export':
      return isOpen ? <ExportDialog onClose={closeDialog} onReveal={(path) => void reveal(path)} /> : null;
    case 'snapshots':
      return isOpen ? <SnapshotsDialog onClose={closeDialog} /> : null;
    case 'find':
      return isOpen ? <FindDialog onClose={closeDialog} /> : null;
    case 'story':
      return isOpen ? <StoryDialog onClose={closeDialog} /> : null;
    case 'consistency':
      return isOpen ? <ConsistencyDialog onClose={closeDialog} /> : null;
    case 'plan':
      return isOpen ? <WholeStoryDialog onClose={closeDialog} /> : null;
    case 'titles':
      return isOpen ? <ProposeTitles onClose={closeDialog} /> : null;
    case 'propose-characters':
      return isOpen ? <ProposeCharacters onClose={closeDialog} /> : null;
    case 'talk':
      return isOpen ? <TalkDialog onClose={closeDialog} /> : null;
    case 'templates':
      return isOpen ? <TemplatesDialog onClose={closeDialog} /> : null;
    case 'similar':
      return isOpen && similarTo !== null ? (
        <SimilarDialog key={similarTo} imageId={similarTo} onClose={closeDialog} />
      ) : null;
    case 'illustrate':
      return isOpen && sceneId !== null ? <IllustrateDialog sceneId={sceneId} onClose={closeDialog} /> : null;
  }
}

/** Dialogs that may stand over any screen. */
export function AppDialogs() {
  const imageId = useSelection((selection) => selection.imageId);
  useEffect(
    () =>
      onMenuAction((action) => {
        if (action === 'settings' || action === 'models') openDialog(action);
      }),
    [],
  );
  return (
    <>
      {imageId !== null && <PictureDialog imageId={imageId} />}
      <ChosenDialog />
      <ImportStatus />
      <LeaveDialog />
    </>
  );
}

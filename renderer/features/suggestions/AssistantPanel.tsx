import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SceneId } from '#shared/story/ids.ts';
import { Button } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { openDialog, useApp } from '../../stores/appStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { shownDraft, useSuggestions } from '../../stores/suggestionStore.ts';
import { DraftCard } from './DraftCard.tsx';
import { KeptAlternatives } from './KeptAlternatives.tsx';
import { WriteForm } from './WriteForm.tsx';
import { isInstalled, writersOf } from './writers.ts';

/** Text that a local model proposes for a scene, beside the writer's own. */
export const AssistantPanel = memo(function AssistantPanel({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const readOnly = useStoryStore((state) => state.readOnly !== null);
  const models = useApp((state) => state.models);
  const draft = useSuggestions((state) => shownDraft(state, sceneId));
  if (!aiEnabled) return <p className="sl-assistant sl-quiet">{t('suggestion.aiOff')}</p>;
  if (readOnly) return <p className="sl-assistant sl-quiet">{t('suggestion.readOnly')}</p>;

  const writers = writersOf(models);
  const canWrite = writers.some(isInstalled);
  return (
    <div className="sl-assistant">
      {draft && <DraftCard draft={draft} />}
      {canWrite || draft ? (
        <WriteForm sceneId={sceneId} writers={writers} />
      ) : (
        <EmptyState title={t('suggestion.noModelTitle')} hint={t('suggestion.noModel')}>
          <Button look="solid" onPress={() => openDialog('models')}>
            {t('suggestion.openModels')}
          </Button>
        </EmptyState>
      )}
      <KeptAlternatives sceneId={sceneId} />
    </div>
  );
});

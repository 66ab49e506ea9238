import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { PaneTabs } from '../components/PaneTabs.tsx';
import { CharacterPanel } from '../features/characters/CharacterPanel.tsx';
import { ScenePanel } from '../features/scenes/ScenePanel.tsx';
import { AssistantPanel } from '../features/suggestions/AssistantPanel.tsx';
import { select, useSelection } from '../stores/selectionStore.ts';
import { useStoryStore } from '../stores/storyStore.ts';

/** What belongs to the open scene and the chosen character, and the assistant. */
export function RightPane() {
  const { t } = useTranslation();
  const { right, sceneId, characterId } = useSelection();
  const character = useStoryStore((state) =>
    characterId !== null && state.story?.characterOrder.includes(characterId) ? characterId : null,
  );
  const noScene = <EmptyState title={t('desk.noScene')} />;
  return (
    <PaneTabs
      label={t('desk.right')}
      selected={right}
      onSelect={(id) => select({ right: id })}
      tabs={[
        {
          id: 'scene',
          label: t('desk.tabs.scene'),
          content: sceneId === null ? noScene : <ScenePanel key={sceneId} sceneId={sceneId} />,
        },
        {
          id: 'character',
          label: t('desk.tabs.character'),
          content:
            character === null ? (
              <EmptyState title={t('character.choose')} />
            ) : (
              <CharacterPanel key={character} characterId={character} />
            ),
        },
        {
          id: 'assistant',
          label: t('desk.tabs.assistant'),
          content: sceneId === null ? noScene : <AssistantPanel sceneId={sceneId} />,
        },
      ]}
    />
  );
}

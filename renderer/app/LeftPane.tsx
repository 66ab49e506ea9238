import { Image, ListTree, Trash2, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PaneTabs } from '../components/PaneTabs.tsx';
import { CharacterList } from '../features/characters/CharacterList.tsx';
import { OutlinePane } from '../features/outline/OutlinePane.tsx';
import { PictureLibrary } from '../features/pictures/PictureLibrary.tsx';
import { TrashPane } from '../features/trash/TrashPane.tsx';
import { select, useSelection } from '../stores/selectionStore.ts';

/** What the story is made of. */
export function LeftPane() {
  const { t } = useTranslation();
  const left = useSelection((selection) => selection.left);
  return (
    <PaneTabs
      label={t('desk.left')}
      selected={left}
      onSelect={(id) => select({ left: id })}
      compact
      tabs={[
        {
          id: 'outline',
          label: t('desk.tabs.outline'),
          icon: <ListTree size={16} aria-hidden />,
          content: <OutlinePane />,
        },
        {
          id: 'characters',
          label: t('desk.tabs.characters'),
          icon: <UsersRound size={16} aria-hidden />,
          content: <CharacterList />,
        },
        {
          id: 'pictures',
          label: t('desk.tabs.pictures'),
          icon: <Image size={16} aria-hidden />,
          content: <PictureLibrary />,
        },
        {
          id: 'trash',
          label: t('desk.tabs.trash'),
          icon: <Trash2 size={16} aria-hidden />,
          content: <TrashPane />,
        },
      ]}
    />
  );
}

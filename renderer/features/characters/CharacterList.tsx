import { EllipsisVertical, GripVertical, UserPlus, WandSparkles } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CharacterId } from '#shared/story/ids.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Portrait } from '../../components/pictures/Portrait.tsx';
import { takeDrop } from '../../components/pictures/takeDrop.ts';
import { openDialog } from '../../stores/appStore.ts';
import { addCharacter, deleteCharacter, moveCharacter } from '../../stores/characterActions.ts';
import { openCharacter, useSelection } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Characters.module.css';

const characterDragType = 'application/x-storyloom-character';

/** Everyone in the story; reordered by dragging or with Ctrl and the arrows, and a place to drop pictures on. */
export function CharacterList() {
  const { t } = useTranslation();
  const order = useStoryStore((state) => state.story?.characterOrder ?? []);
  const characters = useStoryStore((state) => state.story?.characters ?? {});
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const aiEnabled = useStoryStore((state) => state.story?.settings.aiEnabled ?? false);
  const characterId = useSelection((selection) => selection.characterId);

  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].map((key) => ({
        [characterDragType]: String(key),
        'text/plain': characters[key as CharacterId]?.name ?? '',
      })),
    acceptedDragTypes: 'all',
    getDropOperation: (target, types, allowed) => {
      if (target.type !== 'item') return 'cancel';
      if (types.has(characterDragType)) return target.dropPosition === 'on' ? 'cancel' : 'move';
      return target.dropPosition !== 'on'
        ? 'cancel'
        : allowed.includes('copy')
          ? 'copy'
          : (allowed[0] ?? 'cancel');
    },
    onReorder: ({ keys, target }) => {
      const [id] = keys as Set<CharacterId>;
      if (id === undefined) return;
      const rest = order.filter((other) => other !== id);
      moveCharacter(id, rest.indexOf(target.key as CharacterId) + (target.dropPosition === 'after' ? 1 : 0));
    },
    onItemDrop: ({ items, target, isInternal }) => {
      if (!isInternal) takeDrop(items, { kind: 'character', id: target.key as CharacterId });
    },
  });

  const shift = (id: CharacterId, by: -1 | 1) => {
    const index = order.indexOf(id) + by;
    if (index >= 0 && index < order.length) moveCharacter(id, index);
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || isReadOnly || characterId === null) return;
    if ((event.ctrlKey || event.metaKey) && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      event.stopPropagation();
      shift(characterId, event.key === 'ArrowUp' ? -1 : 1);
    } else if (event.key === 'Delete') {
      event.preventDefault();
      deleteCharacter(characterId);
    }
  };

  return (
    <div className={styles.pane}>
      {order.length === 0 ? (
        <EmptyState title={t('character.empty')} hint={t('character.emptyHint')} />
      ) : (
        <div className={styles.listHost} onKeyDownCapture={keyed}>
          <GridList
            aria-label={t('character.label')}
            className={styles.list}
            items={order.map((id) => ({ id, name: characters[id]?.name || t('app.untitled') }))}
            selectionMode="single"
            selectionBehavior="replace"
            selectedKeys={characterId === null ? [] : [characterId]}
            onSelectionChange={(keys) => {
              const [id] = keys === 'all' ? [] : (keys as Set<CharacterId>);
              if (id !== undefined) openCharacter(id);
            }}
            dependencies={[isReadOnly, characters]}
            {...(isReadOnly ? {} : { dragAndDropHooks })}
          >
            {({ id, name }) => (
              <GridListItem
                id={id}
                textValue={name}
                className={styles.item}
                onPress={() => openCharacter(id)}
              >
                {!isReadOnly && (
                  <AriaButton
                    slot="drag"
                    className={styles.grip}
                    aria-label={t('outline.dragged', { title: name })}
                  >
                    <GripVertical size={12} aria-hidden />
                  </AriaButton>
                )}
                <Portrait characterId={id} size={36} />
                <span className={styles.itemText}>
                  <span className={styles.itemName}>{name}</span>
                  <span className={styles.itemHint}>
                    {characters[id]?.description || characters[id]?.aliases.join(' · ')}
                  </span>
                </span>
                {!isReadOnly && (
                  <span className={styles.menu}>
                    <ActionMenu
                      label={t('character.menuFor', { name })}
                      actions={[
                        { id: 'up', label: t('character.moveUp'), keys: 'Ctrl ↑', run: () => shift(id, -1) },
                        {
                          id: 'down',
                          label: t('character.moveDown'),
                          keys: 'Ctrl ↓',
                          run: () => shift(id, 1),
                        },
                        'separator',
                        {
                          id: 'delete',
                          label: t('character.delete'),
                          isDanger: true,
                          run: () => deleteCharacter(id),
                        },
                      ]}
                    >
                      <IconButton
                        small
                        label={t('character.menuFor', { name })}
                        icon={<EllipsisVertical size={14} aria-hidden />}
                      />
                    </ActionMenu>
                  </span>
                )}
              </GridListItem>
            )}
          </GridList>
        </div>
      )}
      {!isReadOnly && (
        <div className={styles.foot}>
          <Button small onPress={addCharacter}>
            <UserPlus size={16} aria-hidden />
            {t('character.add')}
          </Button>
          {aiEnabled && (
            <Button small onPress={() => openDialog('propose-characters')}>
              <WandSparkles size={16} aria-hidden />
              {t('proposals.characters')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

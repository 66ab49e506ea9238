import { Plus, X } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { CharacterId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { Button, IconButton } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { Gallery } from '../../components/pictures/Gallery.tsx';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { TagField } from '../../components/TagField.tsx';
import { changeCharacter } from '../../stores/characterActions.ts';
import { openScene, select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Characters.module.css';
import { CustomFields } from './CustomFields.tsx';

function BigPortrait({ characterId }: { readonly characterId: CharacterId }) {
  const { t } = useTranslation();
  const image = useStoryStore((state) => {
    const id = state.story?.characters[characterId]?.portrait ?? null;
    return id === null ? undefined : state.story?.images[id];
  });
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!image) return <div className={styles.noPortrait}>{t('character.noPortrait')}</div>;
  return (
    <div className={styles.portraitBox}>
      <AriaButton
        className={styles.portrait}
        aria-label={t('character.portrait')}
        onPress={() => select({ imageId: image.id })}
      >
        <Thumb image={image} variant="view" isDecorative />
      </AriaButton>
      {!isReadOnly && (
        <span className={styles.portraitClear}>
          <IconButton
            small
            label={t('character.clearPortrait')}
            icon={<X size={14} aria-hidden />}
            onPress={() => changeCharacter(characterId, { portrait: null }, 'portrait')}
          />
        </span>
      )}
    </div>
  );
}

function Appearances({ characterId }: { readonly characterId: CharacterId }) {
  const { t } = useTranslation();
  const sceneIds = useStoryStore(
    useShallow((state) =>
      state.story
        ? sceneOrder(state.story.outline).filter((id) =>
            state.story?.scenes[id]?.characterIds.includes(characterId),
          )
        : [],
    ),
  );
  const scenes = useStoryStore((state) => state.story?.scenes);
  if (sceneIds.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t('character.appearsIn')}>
      <span className={styles.label}>{t('character.appearsIn')}</span>
      <ul className={styles.scenes}>
        {sceneIds.map((id) => (
          <li key={id}>
            <Button small onPress={() => openScene(id)}>
              {scenes?.[id]?.title || t('app.untitled')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The character's sheet. */
export function CharacterPanel({ characterId }: { readonly characterId: CharacterId }) {
  const { t } = useTranslation();
  const character = useStoryStore((state) => state.story?.characters[characterId]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!character) return null;
  const common = { ofStory: true, isReadOnly };
  return (
    <div className={styles.panel}>
      <BigPortrait characterId={characterId} />
      <TextField
        {...common}
        label={t('character.name')}
        value={character.name}
        onChange={(name) => changeCharacter(characterId, { name }, 'name')}
      />
      <TagField
        label={t('character.aliases')}
        addLabel={t('character.addAlias')}
        tags={character.aliases}
        isReadOnly={isReadOnly}
        onChange={(aliases) => changeCharacter(characterId, { aliases }, 'aliases')}
      />
      <TextField
        {...common}
        label={t('character.description')}
        multiline
        rows={3}
        value={character.description}
        onChange={(description) => changeCharacter(characterId, { description }, 'description')}
      />
      <TextField
        {...common}
        label={t('character.look')}
        hint={t('character.lookHint')}
        multiline
        rows={3}
        value={character.visualDescription}
        onChange={(visualDescription) => changeCharacter(characterId, { visualDescription }, 'look')}
      />
      <section className={styles.section} aria-label={t('character.fields')}>
        <div className={styles.sectionHead}>
          <span className={styles.label}>{t('character.fields')}</span>
          {!isReadOnly && (
            <IconButton
              small
              label={t('character.addField')}
              icon={<Plus size={16} aria-hidden />}
              onPress={() =>
                changeCharacter(
                  characterId,
                  { fields: [...character.fields, { name: '', value: '' }] },
                  'fields',
                )
              }
            />
          )}
        </div>
        <CustomFields
          fields={character.fields}
          isReadOnly={isReadOnly}
          onChange={(fields) => changeCharacter(characterId, { fields }, 'fields')}
        />
      </section>
      <Gallery
        owner={{ kind: 'character', id: characterId }}
        dropLabel={t('pictures.dropOnCharacter', { name: character.name })}
      />
      <TextField
        {...common}
        label={t('character.notes')}
        hint={t('character.notesHint')}
        multiline
        rows={4}
        value={character.notes}
        onChange={(notes) => changeCharacter(characterId, { notes }, 'notes')}
      />
      <Appearances characterId={characterId} />
    </div>
  );
}

import { Plus, X } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CharacterId, SceneId } from '#shared/story/ids.ts';
import { Language, SceneStatus } from '#shared/story/scene.ts';
import { ActionMenu } from '../../components/ActionMenu.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { TextField } from '../../components/Field.tsx';
import { Gallery } from '../../components/pictures/Gallery.tsx';
import { Portrait } from '../../components/pictures/Portrait.tsx';
import { StatusDot } from '../../components/StatusDot.tsx';
import { openDialog } from '../../stores/appStore.ts';
import { changeScene, setSceneStatus } from '../../stores/outlineActions.ts';
import { openCharacter } from '../../stores/selectionStore.ts';
import { dispatch, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Scenes.module.css';

function Presence({
  sceneId,
  characterIds,
}: {
  readonly sceneId: SceneId;
  readonly characterIds: readonly CharacterId[];
}) {
  const { t } = useTranslation();
  const characters = useStoryStore((state) => state.story?.characters ?? {});
  const order = useStoryStore((state) => state.story?.characterOrder ?? []);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const set = (ids: readonly CharacterId[]) =>
    dispatch([{ kind: 'scene.update', id: sceneId, patch: { characterIds: [...ids] } }], {
      label: t('step.sceneCharacters'),
    });
  const present = characterIds.filter((id) => order.includes(id));
  const absent = order.filter((id) => !characterIds.includes(id));
  return (
    <section className={styles.section} aria-label={t('scene.characters')}>
      <div className={styles.sectionHead}>
        <span className={styles.label}>{t('scene.characters')}</span>
        {!isReadOnly && absent.length > 0 && (
          <ActionMenu
            label={t('scene.addCharacter')}
            actions={absent.map((id) => ({
              id,
              label: characters[id]?.name || t('app.untitled'),
              run: () => set([...characterIds, id]),
            }))}
          >
            <IconButton small label={t('scene.addCharacter')} icon={<Plus size={16} aria-hidden />} />
          </ActionMenu>
        )}
      </div>
      {present.length === 0 ? (
        <p className={styles.none}>{t('scene.noCharacters')}</p>
      ) : (
        <ul className={styles.people}>
          {present.map((id) => (
            <li key={id} className={styles.person}>
              <Portrait characterId={id} size={22} />
              <AriaButton className={styles.personName} onPress={() => openCharacter(id)}>
                {characters[id]?.name || t('app.untitled')}
              </AriaButton>
              {!isReadOnly && (
                <IconButton
                  small
                  label={`${t('app.remove')}: ${characters[id]?.name ?? ''}`}
                  icon={<X size={12} aria-hidden />}
                  onPress={() => set(characterIds.filter((other) => other !== id))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What is noted about a scene beside its text. */
export function ScenePanel({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const scene = useStoryStore((state) => state.story?.scenes[sceneId]);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  if (!scene) return null;
  return (
    <div className={styles.panel}>
      <TextField
        label={t('scene.summary')}
        multiline
        rows={3}
        ofStory
        isReadOnly={isReadOnly}
        placeholder={t('scene.summaryPlaceholder')}
        value={scene.summary}
        onChange={(summary) => changeScene(sceneId, { summary }, 'summary')}
      />
      <div className={styles.two}>
        <SelectField
          label={t('scene.status')}
          isDisabled={isReadOnly}
          value={scene.status}
          onChange={(status) => setSceneStatus(sceneId, status)}
          options={SceneStatus.options.map((value) => ({
            value,
            label: t(`scene.statuses.${value}`),
            mark: <StatusDot status={value} isLabelled />,
          }))}
        />
        <SelectField
          label={t('scene.language')}
          isDisabled={isReadOnly}
          value={scene.lang}
          onChange={(lang) => changeScene(sceneId, { lang }, 'lang')}
          options={Language.options.map((value) => ({ value, label: t(`app.languages.${value}`) }))}
        />
      </div>
      <Presence sceneId={sceneId} characterIds={scene.characterIds} />
      <Gallery owner={{ kind: 'scene', id: sceneId }} dropLabel={t('pictures.dropOnScene')} />
      {!isReadOnly && (
        <Button small look="outline" onPress={() => openDialog('illustrate')}>
          {t('illustrate.title')}
        </Button>
      )}
      <Button small look="outline" onPress={() => openDialog('consistency')}>
        {t('consistency.open')}
      </Button>
      <TextField
        label={t('scene.authorNote')}
        hint={t('scene.authorNoteHint')}
        multiline
        rows={3}
        ofStory
        isReadOnly={isReadOnly}
        value={scene.authorNote}
        onChange={(authorNote) => changeScene(sceneId, { authorNote }, 'authorNote')}
      />
    </div>
  );
}

import { useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MisfitPicture } from '#shared/contract/consistency.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { chosenLook, type Decision } from '#shared/story/decision.ts';
import { createId, type ImageId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Progress } from '../../components/Progress.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { openDialog } from '../../stores/appStore.ts';
import { select } from '../../stores/selectionStore.ts';
import { dispatch, flushStory, openStory, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Consistency.module.css';

const mostChosen = 5;
const none: readonly Decision[] = [];

/** The pictures that define the look, to choose from. */
function LookChoice() {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const story = useStoryStore((state) => state.story);
  const decisions = useStoryStore((state) => state.story?.decisions ?? none);
  const isReadOnly = useStoryStore((state) => state.readOnly !== null);
  const chosen = chosenLook(decisions);
  const choose = (imageIds: readonly ImageId[]) => {
    const rest = decisions.filter(({ kind }) => kind !== 'look');
    const look: Decision[] =
      imageIds.length === 0 ? [] : [{ kind: 'look', id: createId(), imageIds: [...imageIds] }];
    dispatch([{ kind: 'story.update', patch: { decisions: [...rest, ...look] } }], {
      label: t('consistency.looks.chooseStep'),
    });
  };
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.count}>
        {t('consistency.looks.choose')} · {t('consistency.looks.chosen', { count: chosen.length })}
      </legend>
      {(story ? livePictures(story) : []).map((image) => {
        const isChosen = chosen.includes(image.id);
        return (
          <ToggleButton
            key={image.id}
            className={styles.choose}
            aria-label={pictureName(image, language)}
            isSelected={isChosen}
            isDisabled={isReadOnly || (!isChosen && chosen.length >= mostChosen)}
            onChange={(isOn) => choose(isOn ? [...chosen, image.id] : chosen.filter((id) => id !== image.id))}
          >
            <Thumb image={image} isDecorative />
          </ToggleButton>
        );
      })}
    </fieldset>
  );
}

function Misfit({ misfit, onShow }: { readonly misfit: MisfitPicture; onShow(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const image = useStoryStore((state) => state.story?.images[misfit.imageId]);
  const character = useStoryStore((state) =>
    misfit.characterId === null ? null : (state.story?.characters[misfit.characterId]?.name ?? ''),
  );
  if (!image) return null;
  const number = (value: number) =>
    format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const name = pictureName(image, language);
  return (
    <li className={styles.evidence}>
      <span className={styles.thumb}>
        <Thumb image={image} isDecorative />
      </span>
      <div className={styles.told}>
        <p className={styles.what}>{name}</p>
        <p>
          {character === null
            ? t('consistency.looks.unlikeLook')
            : t('consistency.looks.unlikeCharacter', { character })}
        </p>
        <p className={styles.place}>
          {t('consistency.looks.score', { score: number(misfit.score), least: number(misfit.least) })}
        </p>
      </div>
      <Button
        small
        aria-label={t('consistency.showWhere', { place: name })}
        onPress={() => {
          onShow();
          select({ imageId: image.id });
        }}
      >
        {t('consistency.show')}
      </Button>
    </li>
  );
}

/** Compares pictures by their looks: with those chosen to define the look, and within each character's set. */
export function LookSection({ onShow }: { onShow(): void }) {
  const { t } = useTranslation();
  const hasPictures = useStoryStore((state) => state.story !== null && livePictures(state.story).length > 1);
  const running = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [result, setResult] = useState<{ compared: number; misfits: readonly MisfitPicture[] } | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  if (!hasPictures) return null;

  const stop = () => {
    running.current?.abort();
    running.current = null;
    setProgress(null);
  };
  const run = async () => {
    stop();
    const controller = new AbortController();
    running.current = controller;
    setError(null);
    setResult(null);
    setProgress({ done: 0, total: 0 });
    try {
      await flushStory();
      const { sessionId } = openStory();
      const events = await client.consistency.pictures({ sessionId }, { signal: controller.signal });
      for await (const event of events) {
        if (running.current !== controller) return;
        if (event.type === 'looking') setProgress({ done: event.done, total: event.total });
        else setResult({ compared: event.compared, misfits: event.misfits });
      }
    } catch (thrown) {
      const failure = AppError.from(thrown);
      if (running.current === controller && failure.code !== 'task/cancelled') setError(failure);
    } finally {
      if (running.current === controller) stop();
    }
  };
  return (
    <section className={styles.looks} aria-label={t('consistency.looks.title')}>
      <h3 className={styles.what}>{t('consistency.looks.title')}</h3>
      <p className={styles.explain}>{t('consistency.looks.explain')}</p>
      <LookChoice />
      <div className={styles.ask}>
        {progress ? (
          <Button look="outline" onPress={stop}>
            {t('consistency.stop')}
          </Button>
        ) : (
          <Button look="outline" onPress={() => void run()}>
            {t('consistency.looks.run')}
          </Button>
        )}
        <span className={styles.count} role="status">
          {result &&
            (result.misfits.length === 0
              ? t('consistency.looks.fits', { count: result.compared })
              : t('consistency.looks.found', { count: result.misfits.length }))}
        </span>
      </div>
      {progress && progress.total > 0 && (
        <div className={styles.progress}>
          <Progress label={t('consistency.progress')} value={progress.done / progress.total} />
          <span className={styles.count}>{t('consistency.looks.running', progress)}</span>
        </div>
      )}
      {error?.code === 'task/no-route' ? (
        <p className={styles.note} role="alert">
          {t('consistency.looks.noModel')}
          <Button small look="outline" onPress={() => openDialog('models')}>
            {t('errorUi.openModels')}
          </Button>
        </p>
      ) : (
        error && <ErrorNote error={error} />
      )}
      {result && result.misfits.length > 0 && (
        <ul className={styles.proposal}>
          {result.misfits.map((misfit) => (
            <Misfit key={`${misfit.imageId} ${misfit.characterId ?? ''}`} misfit={misfit} onShow={onShow} />
          ))}
        </ul>
      )}
    </section>
  );
}

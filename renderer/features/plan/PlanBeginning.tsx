import { useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import type { Story } from '#shared/story/story.ts';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/Choice.tsx';
import { NumberField, TextField } from '../../components/Field.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useApp } from '../../stores/appStore.ts';
import { beginPlan } from '../../stores/planStore.ts';
import styles from './Plan.module.css';

const automatic = 'auto';
const maxPictures = 8;

/** What a whole story is to be about. */
export function PlanBeginning({ story }: { readonly story: Story }) {
  const { t, i18n } = useTranslation();
  const spoken = i18n.language === 'zh' ? 'zh' : 'en';
  const models = useApp((app) => app.models);
  const [premise, setPremise] = useState(story.summary);
  const [title, setTitle] = useState('');
  const [sceneCount, setSceneCount] = useState(5);
  const [modelId, setModelId] = useState<ModelId | null>(null);
  const [imageIds, setImageIds] = useState<readonly ImageId[]>([]);
  const images = livePictures(story);
  const writers = models.filter(
    ({ manifest, status }) =>
      manifest.writing !== undefined &&
      manifest.languages.includes(story.language) &&
      status.state !== 'absent' &&
      status.state !== 'installing',
  );
  return (
    <div className={styles.beginning}>
      <TextField
        autoFocus
        multiline
        rows={4}
        label={t('plan.premise')}
        hint={t('plan.premiseHint')}
        value={premise}
        onChange={setPremise}
      />
      <div className={styles.three}>
        <TextField label={t('plan.wantedTitle')} value={title} onChange={setTitle} />
        <NumberField
          label={t('plan.sceneCount')}
          value={sceneCount}
          minValue={1}
          maxValue={30}
          step={1}
          onChange={(count) => Number.isFinite(count) && setSceneCount(Math.round(count))}
        />
        <SelectField
          label={t('plan.model')}
          value={modelId ?? automatic}
          options={[
            { value: automatic, label: t('plan.modelAuto') },
            ...writers.map(({ manifest }) => ({
              value: manifest.id as string,
              label: manifest.name[spoken],
            })),
          ]}
          onChange={(value) => setModelId(value === automatic ? null : (value as ModelId))}
        />
      </div>
      <section className={styles.part} aria-labelledby="plan-pictures">
        <h3 id="plan-pictures">{t('plan.pictures')}</h3>
        {images.length === 0 ? (
          <p className={styles.quiet}>{t('plan.noPictures')}</p>
        ) : (
          <div className={styles.pictures}>
            {images.map((image) => (
              <ToggleButton
                key={image.id}
                className={styles.picture ?? ''}
                aria-label={pictureName(image, spoken)}
                isSelected={imageIds.includes(image.id)}
                isDisabled={!imageIds.includes(image.id) && imageIds.length >= maxPictures}
                onChange={(isChosen) =>
                  setImageIds((chosen) =>
                    isChosen ? [...chosen, image.id] : chosen.filter((id) => id !== image.id),
                  )
                }
              >
                <Thumb image={image} />
              </ToggleButton>
            ))}
          </div>
        )}
      </section>
      <div>
        <Button
          look="solid"
          isDisabled={premise.trim() === '' && imageIds.length === 0}
          onPress={() => {
            const beginning = { premise: premise.trim(), title: title.trim(), sceneCount, modelId };
            void beginPlan({ ...beginning, imageIds: [...imageIds] });
          }}
        >
          {t('plan.begin')}
        </Button>
      </div>
    </div>
  );
}

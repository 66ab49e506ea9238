import { useEffect, useState } from 'react';
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Claim, Dispute, Together } from '#shared/models/ensemble.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { Checkbox } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import { useFormat } from '../../i18n/format.ts';
import { vote } from '../../stores/feedback.ts';
import { openStory } from '../../stores/storyStore.ts';
import styles from './DescribeTogether.module.css';
import { type Ticks, textOf, votesOf } from './togetherText.ts';

function By({ claim }: { readonly claim: Claim }) {
  const nameOf = useModelNames();
  const { list } = useFormat();
  return <span className={styles.by}>{list(claim.modelIds.map(nameOf))}</span>;
}

interface DisputeRowProps {
  readonly dispute: Dispute;
  readonly ticked: string | undefined;
  onTick(text: string): void;
}

/** Claims of which the writer ticks the right one. */
function DisputeRow({ dispute, ticked, onTick }: DisputeRowProps) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const about = list(dispute.about.map((kind) => t(`together.about.${kind}`)));
  return (
    <RadioGroup
      className={styles.dispute}
      aria-label={t('together.disputeAbout', { about })}
      value={ticked ?? null}
      onChange={onTick}
    >
      <span className={styles.about}>{about}</span>
      {dispute.claims.map((claim) => (
        <RadioField key={claim.text} value={claim.text}>
          <RadioButton className={styles.option}>
            <span className={styles.tick} aria-hidden />
            <span>
              {claim.text} <By claim={claim} />
            </span>
          </RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}

export interface TogetherViewProps {
  readonly together: Together;
  readonly isReadOnly: boolean;
  /** The writer takes over the text of what is agreed and ticked. */
  onAccept(field: 'caption' | 'alt', text: string): void;
}

/** What the models agree on, and the rest for the writer to tick; each tick of a dispute is a vote. */
function TogetherView({ together, isReadOnly, onAccept }: TogetherViewProps) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const { list } = useFormat();
  const [ticks, setTicks] = useState<Ticks>({ disputes: {}, single: [] });
  const { agreed, disputed, single, captions, failed } = together;
  const text = textOf(together, ticks);
  const tick = (index: number, chosen: string) => {
    const isFirst = ticks.disputes[index] === undefined;
    setTicks({ ...ticks, disputes: { ...ticks.disputes, [index]: chosen } });
    const dispute = disputed[index];
    if (dispute && isFirst) vote(...votesOf(dispute, chosen, together.language));
  };
  return (
    <div className={styles.together}>
      {captions.length === 1 && (
        <p className={styles.hint}>
          {t('together.oneOnly', { model: nameOf(captions[0]?.answered.modelId ?? '') })}
        </p>
      )}
      {agreed.length > 0 && (
        <section aria-label={t('together.agreed')}>
          <h4>{t('together.agreed')}</h4>
          <ul>
            {agreed.map((claim) => (
              <li key={claim.text}>
                {claim.text} <By claim={claim} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {disputed.length > 0 && (
        <section aria-label={t('together.disputed')}>
          <h4>{t('together.disputed')}</h4>
          {disputed.map((dispute, index) => (
            <DisputeRow
              // biome-ignore lint/suspicious/noArrayIndexKey: disputes never change their order, and may be alike
              key={index}
              dispute={dispute}
              ticked={ticks.disputes[index]}
              onTick={(chosen) => tick(index, chosen)}
            />
          ))}
        </section>
      )}
      {single.length > 0 && (
        <section aria-label={t('together.single')}>
          <h4>{t('together.single')}</h4>
          {single.map((claim, index) => (
            <Checkbox
              // biome-ignore lint/suspicious/noArrayIndexKey: claims never change their order, and may be alike
              key={index}
              isSelected={ticks.single.includes(index)}
              onChange={(isOn) =>
                setTicks({
                  ...ticks,
                  single: isOn ? [...ticks.single, index] : ticks.single.filter((one) => one !== index),
                })
              }
            >
              <span>
                {claim.text} <By claim={claim} />
              </span>
            </Checkbox>
          ))}
        </section>
      )}
      {failed.length > 0 && (
        <p className={styles.hint}>
          {t('together.failed', { models: list(failed.map(({ modelId }) => nameOf(modelId))) })}
        </p>
      )}
      <p className={styles.text} aria-live="polite">
        {text === '' ? t('together.nothing') : text}
      </p>
      {!isReadOnly && (
        <div className={styles.acts}>
          {(['alt', 'caption'] as const).map((field) => (
            <Button
              key={field}
              small
              look="outline"
              isDisabled={text === ''}
              onPress={() => onAccept(field, text)}
            >
              {t(field === 'alt' ? 'pictures.useAsAlt' : 'pictures.useAsCaption')}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

export interface DescribeTogetherProps {
  readonly imageId: ImageId;
  readonly isReadOnly: boolean;
  onAccept: TogetherViewProps['onAccept'];
}

interface Asked {
  readonly modelId: string;
  readonly index: number;
  readonly count: number;
}

/** Every model that sees describes a picture, beginning when this is shown; nothing is written down before it is taken. */
export function DescribeTogether({ imageId, isReadOnly, onAccept }: DescribeTogetherProps) {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [together, setTogether] = useState<Together | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const follow = async () => {
      const { sessionId } = openStory();
      const request = { sessionId, imageId, style: 'detailed' } as const;
      for await (const event of await client.tasks.describeTogether(request, { signal: abort.signal })) {
        if (event.type === 'asking') setAsked(event);
        if (event.type === 'done') setTogether(event.together);
      }
    };
    follow().catch((thrown: unknown) => {
      if (!abort.signal.aborted) setError(AppError.from(thrown));
    });
    return () => abort.abort();
  }, [imageId]);
  if (error) return <ErrorNote error={error} />;
  if (together) return <TogetherView together={together} isReadOnly={isReadOnly} onAccept={onAccept} />;
  return (
    <p className={styles.hint} role="status">
      {asked
        ? t('together.asking', {
            model: nameOf(asked.modelId),
            current: asked.index + 1,
            count: asked.count,
          })
        : t('together.preparing')}
    </p>
  );
}

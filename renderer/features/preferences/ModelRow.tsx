import { useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ModelId } from '#shared/models/manifest.ts';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import type { Favoured } from './modelsFor.ts';
import styles from './Preferences.module.css';

export interface ModelRowProps extends Favoured {
  readonly name: string;
  /** `null` leaves it to the votes. */
  onSet(modelId: ModelId, value: number | null): void;
  onReset(modelId: ModelId): void;
}

const numberOf = (value: number | readonly number[]): number =>
  typeof value === 'number' ? value : (value[0] ?? 0);

/** One model: its slider, where that comes from, and the votes. */
export function ModelRow({ modelId, opinion, name, onSet, onReset }: ModelRowProps) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const value = opinion?.value ?? 0;
  const [known, setKnown] = useState(value);
  const [shown, setShown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setShown(value);
  }
  const isManual = opinion !== null && opinion.setting !== null;
  const votes =
    opinion === null || opinion.liked + opinion.disliked === 0
      ? t('preferences.noVotes')
      : list([
          t('preferences.liked', { count: opinion.liked }),
          t('preferences.disliked', { count: opinion.disliked }),
        ]);
  const place = value > 0 ? 'first' : value < 0 ? 'never' : 'neutral';
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <span className={styles.name}>{name}</span>
        <span className={styles.hint}>{votes}</span>
      </div>
      <div className={styles.weigh}>
        <Slider
          aria-label={t('preferences.slider', { model: name })}
          className={styles.slider}
          minValue={-1}
          maxValue={1}
          step={0.25}
          value={shown}
          onChange={(moved) => setShown(numberOf(moved))}
          onChangeEnd={(chosen) => onSet(modelId, numberOf(chosen))}
        >
          <SliderTrack className={styles.track}>
            <span className={styles.middle} aria-hidden />
            <SliderThumb className={styles.thumb} />
          </SliderTrack>
        </Slider>
        <span className={styles.ends} aria-hidden>
          <span>{t('preferences.never')}</span>
          <span>{t('preferences.neutral')}</span>
          <span>{t('preferences.first')}</span>
        </span>
      </div>
      <span className={styles.hint}>
        {t(`preferences.${place}`)} · {t(isManual ? 'preferences.byHand' : 'preferences.byVotes')}
      </span>
      <div className={styles.acts}>
        <Button
          small
          look="outline"
          isDisabled={!isManual}
          aria-label={t('preferences.autoFor', { model: name })}
          onPress={() => onSet(modelId, null)}
        >
          {t('preferences.auto')}
        </Button>
        <Button
          small
          isDisabled={opinion === null}
          aria-label={t('preferences.resetFor', { model: name })}
          onPress={() => onReset(modelId)}
        >
          {t('preferences.reset')}
        </Button>
      </div>
    </li>
  );
}

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelEntry, Obstacle } from '#shared/models/modelState.ts';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useApp } from '../../stores/appStore.ts';
import { insteadOf } from './arrangeModels.ts';
import styles from './ModelDetails.module.css';
import { useModelName } from './modelName.ts';

const shownForMs = 2_000;

/** A line for a terminal, to be copied. */
function Command({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownForMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className={styles.command}>
      <pre>
        <code>{text}</code>
      </pre>
      <Button
        small
        look="outline"
        onPress={() => {
          navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        <span aria-live="polite">{t(copied ? 'models.copied' : 'models.copy')}</span>
      </Button>
    </div>
  );
}

export interface ObstacleNoteProps {
  readonly entry: ModelEntry;
  readonly obstacle: Obstacle;
}

/** Why a model cannot be installed from here, and what can be done about it. */
export function ObstacleNote({ entry, obstacle }: ObstacleNoteProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useModelName();
  const models = useApp((app) => app.models);
  const { source } = entry.manifest;
  const instead = insteadOf(entry, models).map(nameOf);
  return (
    <div className={styles.obstacle}>
      <p>{t(`models.obstacle.${obstacle}.next`)}</p>
      {obstacle === 'needs-export' && source.kind === 'export' && <Command text={source.command} />}
      {instead.length > 0 && <p>{t('models.instead', { names: format.list(instead) })}</p>}
    </div>
  );
}

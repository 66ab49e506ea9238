import { CircleCheck, CircleX, RotateCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { DeviceVerdict } from '#shared/models/devices.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useApp } from '../../stores/appStore.ts';
import { useDeviceName } from './deviceName.ts';
import styles from './RunningDialog.module.css';

interface Loaded<Value> {
  readonly value: Value | null;
  readonly error: AppError | null;
  readonly isBusy: boolean;
}

/** What a call answers; asked at once and again on demand. */
function useAnswer<Value>(ask: () => Promise<Value>) {
  const [answer, setAnswer] = useState<Loaded<Value>>({ value: null, error: null, isBusy: true });
  const run = useCallback(async (call: () => Promise<Value>) => {
    setAnswer(({ value }) => ({ value, error: null, isBusy: true }));
    try {
      const value = await call();
      setAnswer({ value, error: null, isBusy: false });
    } catch (thrown) {
      setAnswer(({ value }) => ({ value, error: AppError.from(thrown), isBusy: false }));
    }
  }, []);
  useEffect(() => void run(ask), [run, ask]);
  return { ...answer, run };
}

const probedDevices = () => client.app.probeDevices();
/** What was found out at the start; the probe that may still run answers otherwise. */
const knownDevices = async () => {
  const known = await client.models.devices();
  return known.length > 0 ? known : probedDevices();
};
const engineLog = () => client.app.engineLog();

function Device({ verdict }: { readonly verdict: DeviceVerdict }) {
  const { t } = useTranslation();
  const nameOf = useDeviceName();
  const wasTried = verdict.ok || verdict.ms > 0;
  const isUsed = verdict.ok && !verdict.software;
  const Mark = isUsed ? CircleCheck : CircleX;
  const words = verdict.ok
    ? verdict.software
      ? 'models.deviceSoftware'
      : 'models.deviceWorks'
    : wasTried
      ? 'models.deviceFails'
      : 'models.deviceElsewhere';
  return (
    <li data-ok={isUsed}>
      <Mark size={16} aria-hidden />
      <span>
        {t(words, { device: nameOf(verdict.device) })}
        {verdict.reason !== '' && wasTried && (
          <span className={styles.reason} lang="en">
            {verdict.reason}
          </span>
        )}
      </span>
    </li>
  );
}

/** What models can run on here, and what their process wrote. */
export function RunningDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const engine = useApp((app) => app.engine);
  const devices = useAnswer(knownDevices);
  const log = useAnswer(engineLog);
  const [isCopied, setCopied] = useState(false);
  const lines = log.value ?? [];
  const copy = () => {
    navigator.clipboard.writeText(lines.join('\n')).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <AppDialog size="wide" title={t('models.running')} onClose={onClose}>
      <section className={styles.section} aria-labelledby="models-devices">
        <div className={styles.head}>
          <h3 id="models-devices">{t('models.deviceList')}</h3>
          <Button
            small
            look="outline"
            isDisabled={devices.isBusy}
            onPress={() => void devices.run(probedDevices)}
          >
            <RotateCw size={14} aria-hidden />
            {t(devices.isBusy ? 'models.probing' : 'models.probe')}
          </Button>
        </div>
        <p className={styles.hint}>{t('models.deviceHint')}</p>
        <ul className={styles.devices}>
          {devices.value?.map((verdict) => (
            <Device key={verdict.device} verdict={verdict} />
          ))}
        </ul>
        {devices.error && <ErrorNote error={devices.error} />}
      </section>
      <section className={styles.section} aria-labelledby="models-log">
        <div className={styles.head}>
          <h3 id="models-log">{t('models.log')}</h3>
          <span className={styles.hint}>{t(`desk.engine.${engine.state}`)}</span>
          <Button small look="outline" isDisabled={log.isBusy} onPress={() => void log.run(engineLog)}>
            <RotateCw size={14} aria-hidden />
            {t('models.refresh')}
          </Button>
          <Button small look="outline" isDisabled={lines.length === 0} onPress={copy}>
            <span aria-live="polite">{t(isCopied ? 'models.copied' : 'models.copy')}</span>
          </Button>
        </div>
        <p className={styles.hint}>{t('models.logHint')}</p>
        {lines.length === 0 ? (
          <p>{t('models.logEmpty')}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: long text is scrolled with the keyboard.
          <pre className={styles.log} role="log" aria-labelledby="models-log" tabIndex={0} lang="en">
            {lines.join('\n')}
          </pre>
        )}
        {log.error && <ErrorNote error={log.error} />}
      </section>
    </AppDialog>
  );
}

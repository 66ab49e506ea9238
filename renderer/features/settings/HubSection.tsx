import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import { HubToken } from '#shared/settings.ts';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { keepToken, useHasToken } from '../../stores/hubToken.ts';
import { tell, tellError } from '../../stores/notices.ts';
import { changeSettings } from '../../stores/settingsStore.ts';
import { readMirror } from './mirrorAddress.ts';
import styles from './Settings.module.css';

/** Where models are fetched from, and with whose leave. */
export function HubSection({ mirror }: { readonly mirror: string }) {
  const { t } = useTranslation();
  return (
    <section className={styles.section} aria-labelledby="settings-hub">
      <h3 id="settings-hub" className={styles.title}>
        {t('settings.hub')}
      </h3>
      <MirrorField mirror={mirror} />
      <TokenField />
    </section>
  );
}

function MirrorField({ mirror }: { readonly mirror: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(mirror);
  const address = readMirror(typed);
  const hint =
    address === null ? 'mirrorWrong' : address.startsWith('http://') ? 'mirrorPlain' : 'mirrorHint';
  const keep = () => {
    if (address === null || address === mirror) return;
    setTyped(address);
    void changeSettings({ modelHub: address });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <TextField
        label={t('settings.mirror')}
        placeholder="https://huggingface.co"
        type="url"
        value={typed}
        isInvalid={address === null}
        hint={t(`settings.${hint}`)}
        onChange={setTyped}
        onBlur={keep}
      />
    </form>
  );
}

/** Long enough to look like a token, and of no token's length. */
const dots = '•'.repeat(16);

function TokenField() {
  const { t } = useTranslation();
  const hintId = useId();
  const isKept = useHasToken();
  const [typed, setTyped] = useState('');
  const token = HubToken.safeParse(typed.trim()).data;
  const isWrong = typed.trim() !== '' && token === undefined;
  const change = async (next: string | null) => {
    try {
      await keepToken(next);
      setTyped('');
      if (next === null) tell(t('settings.tokenRemoved'));
    } catch (thrown) {
      tellError(AppError.from(thrown));
    }
  };
  const hint = isWrong ? 'tokenWrong' : isKept ? 'tokenKept' : 'tokenHint';
  return (
    <>
      <form
        className={styles.folder}
        onSubmit={(event) => {
          event.preventDefault();
          if (token !== undefined) void change(token);
        }}
      >
        {isKept ? (
          <TextField label={t('settings.token')} value={dots} isReadOnly aria-describedby={hintId} />
        ) : (
          <TextField
            label={t('settings.token')}
            type="password"
            autoComplete="off"
            value={typed}
            isInvalid={isWrong}
            aria-describedby={hintId}
            onChange={setTyped}
          />
        )}
        {isKept ? (
          <Button look="danger" onPress={() => void change(null)}>
            {t('settings.removeToken')}
          </Button>
        ) : (
          <Button look="outline" type="submit" isDisabled={token === undefined}>
            {t('settings.keepToken')}
          </Button>
        )}
      </form>
      <p id={hintId} className={styles.hint}>
        {t(`settings.${hint}`)}
      </p>
    </>
  );
}

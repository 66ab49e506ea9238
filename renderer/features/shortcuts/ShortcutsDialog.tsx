import { useTranslation } from 'react-i18next';
import { AppDialog } from '../../components/AppDialog.tsx';
import styles from './Shortcuts.module.css';
import { shortcutGroups } from './shortcutGroups.ts';

/** Every key combination, by what it is about. */
export function ShortcutsDialog({ isMac, onClose }: { readonly isMac: boolean; onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = (key: string) =>
    isMac ? key.replace('Ctrl', '⌘').replace('Shift', '⇧').replace('Alt', '⌥') : key;
  return (
    <AppDialog size="wide" title={t('shortcuts.title')} onClose={onClose}>
      <div className={styles.groups}>
        {shortcutGroups.map(({ id, lines }) => (
          <section key={id} aria-labelledby={`keys-${id}`}>
            <h3 id={`keys-${id}`} className={styles.title}>
              {t(`shortcuts.groups.${id}`)}
            </h3>
            <dl className={styles.lines}>
              {lines.map(({ action, keys }) => (
                <div key={action} className={styles.line}>
                  <dt>{t(`shortcuts.${action}`)}</dt>
                  <dd className={styles.keys}>
                    {keys.map((chord) => (
                      <kbd key={chord} className={styles.key}>
                        {nameOf(chord)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </AppDialog>
  );
}

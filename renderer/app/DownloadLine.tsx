import { ArrowDownToLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { useFormat } from '../i18n/format.ts';
import { useInterfaceLanguage } from '../i18n/useInterfaceLanguage.ts';
import { openDialog, useApp } from '../stores/appStore.ts';

/** Says that this computer is fetching a model, for as long as it does. */
export function DownloadLine() {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useInterfaceLanguage();
  const models = useApp((app) => app.models);
  const entry = models.find(({ status }) => status.state === 'installing' && status.phase === 'download');
  if (entry?.status.state !== 'installing') return null;
  const name = entry.manifest.name[language] || entry.manifest.id;
  const percent = format.number(entry.status.progress, { style: 'percent' });
  return (
    <Button small onPress={() => openDialog('models')}>
      <ArrowDownToLine size={14} aria-hidden />
      {t('models.downloadLine', { name, percent })}
    </Button>
  );
}

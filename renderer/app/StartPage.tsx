import { Boxes, Settings as SettingsIcon } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import { SelectField } from '../components/Choice.tsx';
import { StartScreen } from '../features/start/StartScreen.tsx';
import { openDialog } from '../stores/appStore.ts';
import { changeSettings, useSettings } from '../stores/settingsStore.ts';
import { enterStory } from './enterStory.ts';

/** The start screen with the switches that belong to the whole application. */
export function StartPage() {
  const { t } = useTranslation();
  const { uiLanguage, theme } = useSettings();
  useEffect(() => {
    document.title = t('app.name');
  }, [t]);
  return (
    <StartScreen
      onOpened={enterStory}
      options={
        <>
          <SelectField
            label={t('app.language')}
            labelHidden
            small
            value={uiLanguage}
            onChange={(value) => void changeSettings({ uiLanguage: value })}
            options={(['system', 'en', 'zh'] as const).map((value) => ({
              value,
              label: t(`app.languages.${value}`),
            }))}
          />
          <SelectField
            label={t('app.theme')}
            labelHidden
            small
            value={theme}
            onChange={(value) => void changeSettings({ theme: value })}
            options={(['system', 'light', 'dark', 'contrast'] as const).map((value) => ({
              value,
              label: t(`app.themes.${value}`),
            }))}
          />
          <IconButton
            label={t('start.models')}
            icon={<Boxes size={18} aria-hidden />}
            onPress={() => openDialog('models')}
          />
          <IconButton
            label={t('start.settings')}
            icon={<SettingsIcon size={18} aria-hidden />}
            onPress={() => openDialog('settings')}
          />
        </>
      }
    />
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { Settings } from '#shared/settings.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox, SelectField } from '../../components/Choice.tsx';
import { NumberField, TextField } from '../../components/Field.tsx';
import { useApp } from '../../stores/appStore.ts';
import { tellError } from '../../stores/notices.ts';
import { changeSettings, useSettings } from '../../stores/settingsStore.ts';
import { HubSection } from './HubSection.tsx';
import styles from './Settings.module.css';

const gigabyte = 1024 ** 3;

function Writing({ editor }: { readonly editor: Settings['editor'] }) {
  const { t } = useTranslation();
  const change = (patch: Partial<Settings['editor']>) =>
    void changeSettings({ editor: { ...editor, ...patch } });
  return (
    <section className={styles.section} aria-labelledby="settings-writing">
      <h3 id="settings-writing" className={styles.title}>
        {t('settings.writing')}
      </h3>
      <div className={styles.grid}>
        <SelectField
          label={t('settings.font')}
          value={editor.fontFamily}
          onChange={(fontFamily) => change({ fontFamily })}
          options={(['serif', 'sans', 'mono'] as const).map((value) => ({
            value,
            label: t(`settings.fonts.${value}`),
          }))}
        />
        <NumberField
          label={t('settings.fontSize')}
          value={editor.fontSizePx}
          minValue={12}
          maxValue={36}
          step={1}
          onChange={(fontSizePx) => change({ fontSizePx })}
        />
        <NumberField
          label={t('settings.lineHeight')}
          value={editor.lineHeight}
          minValue={1.2}
          maxValue={2.4}
          step={0.1}
          onChange={(lineHeight) => change({ lineHeight })}
        />
        <NumberField
          label={t('settings.width')}
          value={editor.columnWidthCh}
          minValue={40}
          maxValue={120}
          step={2}
          onChange={(columnWidthCh) => change({ columnWidthCh })}
        />
      </div>
      <Checkbox isSelected={editor.typewriter} onChange={(typewriter) => change({ typewriter })}>
        {t('settings.typewriter')}
      </Checkbox>
      <p
        className={styles.preview}
        style={{
          fontFamily: `var(--font-${editor.fontFamily})`,
          fontSize: editor.fontSizePx,
          lineHeight: editor.lineHeight,
        }}
      >
        {t('settings.preview')}
      </p>
    </section>
  );
}

/** Choices that hold for every story on this machine. They take effect at once. */
export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const settings = useSettings();
  const info = useApp((app) => app.info);
  const [folder, setFolder] = useState(settings.storiesFolder);
  const browse = async () => {
    try {
      const chosen = await client.projects.chooseFolder({ purpose: 'create' });
      if (chosen === null) return;
      setFolder(chosen);
      await changeSettings({ storiesFolder: chosen });
    } catch (thrown) {
      tellError(AppError.from(thrown));
    }
  };
  return (
    <AppDialog title={t('settings.title')} onClose={onClose}>
      <section className={styles.section} aria-labelledby="settings-interface">
        <h3 id="settings-interface" className={styles.title}>
          {t('settings.interface')}
        </h3>
        <div className={styles.grid}>
          <SelectField
            label={t('settings.uiLanguage')}
            value={settings.uiLanguage}
            onChange={(uiLanguage) => void changeSettings({ uiLanguage })}
            options={(['system', 'en', 'zh'] as const).map((value) => ({
              value,
              label: t(`app.languages.${value}`),
            }))}
          />
          <SelectField
            label={t('settings.theme')}
            value={settings.theme}
            onChange={(theme) => void changeSettings({ theme })}
            options={(['system', 'light', 'dark', 'contrast'] as const).map((value) => ({
              value,
              label: t(`app.themes.${value}`),
            }))}
          />
        </div>
      </section>
      <Writing editor={settings.editor} />
      <section className={styles.section} aria-labelledby="settings-files">
        <h3 id="settings-files" className={styles.title}>
          {t('settings.files')}
        </h3>
        <div className={styles.folder}>
          <TextField
            label={t('settings.storiesFolder')}
            isReadOnly={info?.host === 'desktop'}
            placeholder={info?.storiesFolder || t('settings.storiesFolderDefault')}
            value={folder}
            onChange={setFolder}
            onBlur={() => {
              if (folder !== settings.storiesFolder) void changeSettings({ storiesFolder: folder.trim() });
            }}
          />
          {info?.host === 'desktop' && (
            <Button look="outline" onPress={() => void browse()}>
              {t('app.browse')}
            </Button>
          )}
        </div>
        <div className={styles.grid}>
          <NumberField
            label={t('settings.modelMemory')}
            value={Math.round((settings.modelMemoryBytes / gigabyte) * 10) / 10}
            minValue={0.5}
            maxValue={512}
            step={0.5}
            formatOptions={{ style: 'unit', unit: 'gigabyte', maximumFractionDigits: 1 }}
            onChange={(value) => void changeSettings({ modelMemoryBytes: Math.round(value * gigabyte) })}
          />
          <NumberField
            label={t('settings.modelIdle')}
            value={settings.modelIdleMinutes}
            minValue={1}
            maxValue={24 * 60}
            step={1}
            formatOptions={{ style: 'unit', unit: 'minute', unitDisplay: 'long' }}
            onChange={(minutes) =>
              Number.isFinite(minutes) && void changeSettings({ modelIdleMinutes: Math.round(minutes) })
            }
          />
          <SelectField
            label={t('monitoring.warmUp')}
            value={settings.warmUp}
            onChange={(warmUp) => void changeSettings({ warmUp })}
            options={(['auto', 'on', 'off'] as const).map((value) => ({
              value,
              label: t(`monitoring.warmUps.${value}`),
            }))}
          />
          {info?.host === 'desktop' && (
            <SelectField
              label={t('settings.engineProcess')}
              value={settings.engineProcess}
              onChange={(engineProcess) => void changeSettings({ engineProcess })}
              options={(['auto', 'node', 'utility'] as const).map((value) => ({
                value,
                label: t(`settings.engineProcesses.${value}`),
              }))}
            />
          )}
        </div>
        {info?.host === 'desktop' && <p className={styles.hint}>{t('settings.engineProcessHint')}</p>}
      </section>
      <HubSection mirror={settings.modelHub} />
    </AppDialog>
  );
}

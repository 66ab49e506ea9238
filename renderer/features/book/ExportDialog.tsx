import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BookOptions } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { Language } from '#shared/story/scene.ts';
import { client } from '../../api/client.ts';
import { AppDialog } from '../../components/AppDialog.tsx';
import { Button } from '../../components/Button.tsx';
import { Checkbox, SelectField } from '../../components/Choice.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { TextField } from '../../components/Field.tsx';
import { useApp } from '../../stores/appStore.ts';
import { flushStory, openStory, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Export.module.css';

export interface ExportDialogProps {
  onClose(): void;
  onReveal(path: string): void;
}

/** Makes a Markdown book of the story, and says where it is. */
export function ExportDialog({ onClose, onReveal }: ExportDialogProps) {
  const { t } = useTranslation();
  const story = useStoryStore((state) => state.story);
  const isDesktop = useApp((app) => app.info?.host === 'desktop');
  const [language, setLanguage] = useState<Language>(story?.language ?? 'en');
  const [format, setFormat] = useState<BookOptions['format']>('mdbook');
  const [includeCharacters, setIncludeCharacters] = useState(true);
  const [left, setLeft] = useState<ReadonlySet<SceneId>>(new Set());
  const [parentFolder, setParentFolder] = useState('');
  const [result, setResult] = useState<{ folder: string; files: number } | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!story) return null;
  const order = sceneOrder(story.outline);
  const chosen = order.filter((id) => !left.has(id));

  const make = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    setResult(null);
    try {
      await flushStory();
      const sceneIds = left.size === 0 ? null : chosen;
      setResult(
        await client.books.export({
          sessionId: openStory().sessionId,
          options: { language, format, sceneIds, includeCharacters },
          parentFolder: parentFolder.trim() === '' ? null : parentFolder.trim(),
        }),
      );
    } catch (thrown) {
      setError(AppError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  const browse = async () => {
    try {
      setParentFolder((await client.projects.chooseFolder({ purpose: 'export' })) ?? parentFolder);
    } catch (thrown) {
      setError(AppError.from(thrown));
    }
  };
  const toggle = (id: SceneId, isIn: boolean) => {
    const next = new Set(left);
    if (isIn) next.delete(id);
    else next.add(id);
    setLeft(next);
  };

  return (
    <AppDialog
      title={t('book.title')}
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('app.close')}</Button>
          <Button look="solid" isDisabled={chosen.length === 0} onPress={() => void make()}>
            {t(isBusy ? 'book.exporting' : 'book.export')}
          </Button>
        </>
      }
    >
      <p className={styles.hint}>{t('book.explain')}</p>
      <div className={styles.grid}>
        <SelectField<Language>
          label={t('book.language')}
          value={language}
          onChange={setLanguage}
          options={Language.options.map((value) => ({ value, label: t(`app.languages.${value}`) }))}
        />
        <SelectField<BookOptions['format']>
          label={t('book.format')}
          value={format}
          onChange={setFormat}
          options={(['mdbook', 'honkit'] as const).map((value) => ({
            value,
            label: t(`book.formats.${value}`),
          }))}
        />
      </div>
      <Checkbox isSelected={includeCharacters} onChange={setIncludeCharacters}>
        {t('book.characters')}
      </Checkbox>
      <fieldset className={styles.scenes}>
        <legend className={styles.legend}>{t('book.scenes')}</legend>
        <Checkbox
          isSelected={left.size === 0}
          isIndeterminate={left.size > 0 && chosen.length > 0}
          onChange={(all) => setLeft(all ? new Set() : new Set(order))}
        >
          {left.size === 0 ? t('book.allScenes') : t('book.chosen', { count: chosen.length })}
        </Checkbox>
        <ul className={styles.list}>
          {order.map((id) => (
            <li key={id}>
              <Checkbox isSelected={!left.has(id)} onChange={(isIn) => toggle(id, isIn)}>
                {story.scenes[id]?.title || t('app.untitled')}
              </Checkbox>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className={styles.folder}>
        <TextField
          label={t('book.folder')}
          placeholder={t('book.folderDefault')}
          value={parentFolder}
          onChange={setParentFolder}
        />
        {isDesktop && (
          <Button look="outline" onPress={() => void browse()}>
            {t('app.browse')}
          </Button>
        )}
      </div>
      {error && <ErrorNote error={error} />}
      {result && (
        <div className={styles.result} role="status">
          <p className={styles.legend}>{t('book.done')}</p>
          <p>{t('book.doneDetail', { count: result.files })}</p>
          <p className={styles.path}>{result.folder}</p>
          {isDesktop && (
            <Button small look="outline" onPress={() => onReveal(result.folder)}>
              {t('book.reveal')}
            </Button>
          )}
        </div>
      )}
    </AppDialog>
  );
}

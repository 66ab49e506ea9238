import { closeSearchPanel, openSearchPanel, searchPanelOpen } from '@codemirror/search';
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { onMenuAction, runMenuAction } from '../../stores/appStore.ts';
import { select, useSelection } from '../../stores/selectionStore.ts';
import { useSettings } from '../../stores/settingsStore.ts';
import { loadTexts, pictureUrl, useStoryStore } from '../../stores/storyStore.ts';
import { acceptDraft, pageDrafts, rejectDraft } from '../../stores/suggestionDecide.ts';
import { stopWriting, writeOn } from '../../stores/suggestionRun.ts';
import '../../styles/editor.css';
import type { SceneViewOptions } from './createSceneView.ts';
import { FormatToolbar } from './FormatToolbar.tsx';
import { PictureDialog } from './figures/PictureDialog.tsx';
import type { PictureContext } from './figures/pictureContext.ts';
import { useInsertPictures } from './figures/useInsertPictures.ts';
import { type ActiveFormats, activeFormats } from './format/formats.ts';
import { LinkDialog } from './format/LinkDialog.tsx';
import { SceneView, type SceneViewEvents } from './SceneView.ts';
import { FindPanel } from './search/FindPanel.tsx';
import { useStepLabels } from './useStepLabels.ts';

const plain: ActiveFormats = { inline: new Set(), heading: 0, quote: false, list: null, link: false };

const sameFormats = (a: ActiveFormats, b: ActiveFormats): boolean =>
  a.heading === b.heading &&
  a.quote === b.quote &&
  a.list === b.list &&
  a.link === b.link &&
  a.inline.size === b.inline.size &&
  [...a.inline].every((format) => b.inline.has(format));

function usePictureContext(sceneId: SceneId): PictureContext {
  const { t } = useTranslation();
  const images = useStoryStore((state) => state.story?.images);
  const trash = useStoryStore((state) => state.story?.trash);
  const readOnly = useStoryStore((state) => state.readOnly !== null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: figures are drawn again for another scene or session.
  return useMemo(() => {
    const gone = new Set((trash ?? []).flatMap((entry) => (entry.kind === 'image' ? [entry.id] : [])));
    const byFile = new Map(
      Object.values(images ?? {}).flatMap((image) => (gone.has(image.id) ? [] : [[image.file, image]])),
    );
    return {
      find: (file) => byFile.get(file) ?? null,
      url: (image) => pictureUrl(image.id, 'view'),
      readOnly,
      undo: () => runMenuAction('undo'),
      redo: () => runMenuAction('redo'),
      texts: {
        picture: t('editor.figure.picture'),
        caption: t('editor.figure.caption'),
        alt: t('editor.figure.alt'),
        altHint: t('editor.figure.altHint'),
        missing: t('editor.figure.missing'),
        foreign: t('editor.figure.foreign'),
        remove: t('editor.figure.remove'),
        moveUp: t('editor.figure.moveUp'),
        moveDown: t('editor.figure.moveDown'),
      },
    };
  }, [images, trash, readOnly, t, sceneId]);
}

/** Reads the scene's text if nobody has; the failure, if any. */
function useLoadedText(sceneId: SceneId): { isLoaded: boolean; error: AppError | null } {
  const isLoaded = useStoryStore((state) => typeof state.story?.scenes[sceneId]?.text === 'string');
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    if (isLoaded) return;
    setError(null);
    loadTexts([sceneId]).catch((thrown: unknown) => setError(AppError.from(thrown)));
  }, [sceneId, isLoaded]);
  return { isLoaded, error };
}

/** The editor of a scene's text. */
export const SceneEditor = memo(function SceneEditor({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const { isLoaded, error } = useLoadedText(sceneId);
  if (error) return <ErrorNote error={error} />;
  if (!isLoaded) return <p className="sl-loading">{t('editor.loading')}</p>;
  return <LoadedEditor key={sceneId} sceneId={sceneId} />;
});

function LoadedEditor({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const title = useStoryStore((state) => state.story?.scenes[sceneId]?.title ?? '');
  const language = useStoryStore((state) => state.story?.scenes[sceneId]?.lang ?? 'en');
  const readOnly = useStoryStore((state) => state.readOnly !== null);
  const settings = useSettings((state) => state.editor);
  const focusMode = useSelection((state) => state.focusMode);
  const reveal = useSelection((state) => state.reveal);
  const pictures = usePictureContext(sceneId);
  const { labelOf, suggestionLabels } = useStepLabels();

  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<SceneView | null>(null);
  const [view, setView] = useState<SceneView['view'] | null>(null);
  const [formats, setFormats] = useState(plain);
  const [version, setVersion] = useState(0);
  const [markup, setMarkup] = useState(false);
  const [dialog, setDialog] = useState<'link' | 'picture' | null>(null);
  const [findPlace, setFindPlace] = useState<HTMLElement | null>(null);
  const [find, setFind] = useState({ opened: 0, replace: false });
  const { taking, insertKnown, insertFiles } = useInsertPictures(sceneId, () => editor.current);

  const options: SceneViewOptions = {
    label: t('editor.label', { title: title || t('app.untitled') }),
    language: language === 'zh' ? 'zh-Hans' : 'en',
    placeholder: t('editor.placeholder'),
    readOnly,
    markup,
    typewriter: settings.typewriter,
    focusMode,
    pictures,
  };

  const openFind = (replace: boolean) => {
    const current = editor.current?.view;
    if (!current) return;
    setFind(({ opened }) => ({ opened: opened + 1, replace }));
    if (!searchPanelOpen(current.state)) openSearchPanel(current);
  };

  const events: SceneViewEvents = {
    labelOf,
    changed: (now) => {
      const next = activeFormats(now.state);
      setFormats((before) => (sameFormats(before, next) ? before : next));
      if (searchPanelOpen(now.state)) setVersion((count) => count + 1);
    },
    findPanel: setFindPlace,
    openFind,
    openLink: () => setDialog('link'),
    openPictures: () => setDialog('picture'),
    toggleMarkup: () => setMarkup((shown) => !shown),
    writeOn: () => {
      const { story } = useStoryStore.getState();
      if (readOnly || !story?.settings.aiEnabled) return false;
      editor.current?.flush();
      select({ right: 'assistant' });
      writeOn(sceneId);
      return true;
    },
    stopOrReject: () => stopWriting(sceneId) || rejectDraft(sceneId),
    accept: () => {
      editor.current?.flush();
      return acceptDraft(sceneId, suggestionLabels);
    },
    pageAlternatives: (step) => {
      const paged = pageDrafts(sceneId, step);
      if (paged) select({ right: 'assistant' });
      return paged;
    },
    takeFiles: (files, at) => void insertFiles(files, at),
    takePictures: insertKnown,
  };
  const latest = useRef(events);
  latest.current = events;

  // biome-ignore lint/correctness/useExhaustiveDependencies: options reach the running editor below.
  useLayoutEffect(() => {
    if (!place.current) return;
    const made = new SceneView(sceneId, place.current, options, () => latest.current);
    editor.current = made;
    setView(made.view);
    return () => {
      made.destroy();
      editor.current = null;
      setView(null);
      setFindPlace(null);
    };
  }, [sceneId]);

  useEffect(() => {
    editor.current?.setOptions({
      label: options.label,
      language: options.language,
      placeholder: options.placeholder,
      readOnly,
      markup,
      typewriter: settings.typewriter,
      focusMode,
      pictures,
    });
  }, [
    options.label,
    options.language,
    options.placeholder,
    readOnly,
    markup,
    settings.typewriter,
    focusMode,
    pictures,
  ]);

  useEffect(() => {
    if (!view || reveal?.sceneId !== sceneId) return;
    editor.current?.reveal(reveal.from, reveal.to);
    select({ reveal: null });
  }, [view, reveal, sceneId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only `latest` is read.
  useEffect(
    () =>
      onMenuAction((action) => {
        if (action === 'find') latest.current.openFind(false);
        if (action === 'save' || action === 'snapshot') editor.current?.flush();
      }),
    [sceneId],
  );

  const closeDialog = () => setDialog(null);
  const insertHere = (insert: (at: number) => void) => {
    setDialog(null);
    const current = editor.current?.view;
    if (!current) return;
    insert(current.state.selection.main.to);
    current.focus();
  };

  return (
    <section
      className="sl-editor"
      data-font={settings.fontFamily}
      data-language={language}
      ref={(element) => {
        element?.style.setProperty('--sl-size', `${settings.fontSizePx}px`);
        element?.style.setProperty('--sl-line', String(settings.lineHeight));
        element?.style.setProperty('--sl-width', `${settings.columnWidthCh}ch`);
      }}
    >
      <FormatToolbar
        view={view}
        formats={formats}
        markup={markup}
        isDisabled={readOnly || !view}
        onLink={() => setDialog('link')}
        onPicture={() => setDialog('picture')}
        onFind={() => (findPlace && view ? closeSearchPanel(view) : openFind(true))}
        onMarkup={() => setMarkup(!markup)}
      />
      <p className="sl-taking" role="status">
        {taking > 0 && t('editor.taking', { count: taking })}
      </p>
      <div className="sl-view" ref={place} />
      {findPlace &&
        view &&
        createPortal(
          <FindPanel view={view} opened={find.opened} version={version} withReplace={find.replace} />,
          findPlace,
        )}
      {dialog === 'link' && view && <LinkDialog view={view} onClose={closeDialog} />}
      {dialog === 'picture' && (
        <PictureDialog
          onClose={closeDialog}
          onInsert={(ids) => insertHere((at) => insertKnown(ids, at))}
          onFiles={(files) => insertHere((at) => void insertFiles(files, at))}
        />
      )}
    </section>
  );
}

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button as TextButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { AnsweredLine } from '../../components/AnsweredLine.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { WordDiff } from '../../components/WordDiff.tsx';
import { openDialog, useApp } from '../../stores/appStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import {
  acceptDraft,
  acceptFirstParagraph,
  keepDraft,
  pageDrafts,
  pagesOf,
  rejectDraft,
} from '../../stores/suggestionDecide.ts';
import { regenerate, stopWriting } from '../../stores/suggestionRun.ts';
import { type Draft, editDraft, isKept, isRunning, useSuggestions } from '../../stores/suggestionStore.ts';
import { splitFirstParagraph } from '../../stores/suggestionText.ts';
import { Inspector } from './Inspector.tsx';
import { useSuggestionLabels } from './useSuggestionLabels.ts';

function useModelName(modelId: Draft['modelId']): string {
  const { i18n } = useTranslation();
  const entry = useApp((state) => state.models.find(({ manifest }) => manifest.id === modelId));
  return entry?.manifest.name[i18n.language === 'zh' ? 'zh' : 'en'] ?? modelId ?? '';
}

/** What goes on, in a line that is shown but not read aloud at every token. */
function useProgressLine(draft: Draft): string {
  const { t } = useTranslation();
  const model = useModelName(draft.modelId);
  switch (draft.phase) {
    case 'waiting':
      return t('suggestion.stages.waiting');
    case 'loading':
      return t('suggestion.stages.loading', { model });
    case 'reading':
      return t('suggestion.stages.prompt', { tokens: draft.report?.promptTokens ?? 0 });
    case 'writing':
      return t('suggestion.stages.writing', { tokens: draft.tokens });
    case 'done':
    case 'failed':
      return model;
  }
}

/** Said by screen readers: that it began, and how it ended. */
function useAnnouncement(draft: Draft): string {
  const { t } = useTranslation();
  if (isRunning(draft)) return t('suggestion.started');
  if (draft.phase === 'failed') return t('suggestion.failed');
  if (draft.stopped) return t('suggestion.endedCancelled');
  if (draft.text.trim() === '') return t('suggestion.endedEmpty');
  if (draft.result?.finish === 'length') return t('suggestion.endedLength');
  return draft.result ? t('suggestion.ended') : '';
}

function usePlaceLine({ sceneId, at, purpose }: Draft): string {
  const { t } = useTranslation();
  const text = useStoryStore((state) => state.story?.scenes[sceneId]?.text ?? '');
  if (purpose === 'rewrite') return t('suggestion.placeRewrite');
  if (purpose === 'summary') return t('suggestion.placeSummary');
  if (purpose === 'translation') return t('suggestion.placeTranslation');
  if (text.slice(at).trim() === '') return t('suggestion.place');
  const before = text.slice(Math.max(0, at - 80), at).trim();
  if (before === '') return t('suggestion.placeStart');
  const words = /\s/.test(before) ? before.split(/\s+/).slice(-4).join(' ') : before.slice(-10);
  return t('suggestion.placeCaret', { words });
}

function Figures({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const { result } = draft;
  if (!result) return null;
  const line = t('suggestion.figures', {
    tokens: result.tokens,
    perSecond: result.tokensPerSecond.toFixed(1),
    firstMs: Math.round(result.firstTokenMs),
    seed: result.seed,
  });
  return (
    <p className="sl-quiet">
      {line}
      <br />
      <AnsweredLine answered={result.answered} />
    </p>
  );
}

/** Whether a first paragraph can be decided about alone: of a new version only where the old one has several too. */
function hasSeveralParagraphs({ purpose, text, source }: Draft): boolean {
  const several = (passage: string) => splitFirstParagraph(passage).rest.trim() !== '';
  if (purpose === 'write') return several(text);
  return purpose === 'rewrite' && several(text) && several(source);
}

/** A suggestion: streamed as it comes, changed, accepted, kept or put away when it is there. */
export function DraftCard({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation();
  const labels = useSuggestionLabels();
  const [inspecting, setInspecting] = useState(false);
  const { sceneId } = draft;
  const running = isRunning(draft);
  const progress = useProgressLine(draft);
  const announcement = useAnnouncement(draft);
  const place = usePlaceLine(draft);
  const alternatives = useStoryStore((state) => state.story?.scenes[sceneId]?.alternatives);
  const drafts = useSuggestions((state) => state.drafts);
  const pages = pagesOf({ drafts }, sceneId, alternatives ?? []);
  const page = pages.findIndex(({ id }) => id === draft.id) + 1;
  const kept = isKept(draft, alternatives ?? []);
  const hasText = draft.text.trim() !== '';
  const hasParagraphs = hasSeveralParagraphs(draft);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const inField = event.target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape') {
      if (!stopWriting(sceneId)) rejectDraft(sceneId);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && hasText)
      acceptDraft(sceneId, labels);
    else if (event.altKey && !inField && event.key === 'ArrowLeft') pageDrafts(sceneId, -1);
    else if (event.altKey && !inField && event.key === 'ArrowRight') pageDrafts(sceneId, 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section className="sl-card" aria-label={t('suggestion.card')} onKeyDown={onKeyDown}>
      <div className="sl-card-head">
        <h2>{progress}</h2>
        {pages.length > 1 && (
          <>
            <IconButton
              small
              label={t('suggestion.previous')}
              icon={<ChevronLeft size={16} aria-hidden />}
              isDisabled={page <= 1}
              onPress={() => pageDrafts(sceneId, -1)}
            />
            <span className="sl-quiet">{t('suggestion.page', { current: page, count: pages.length })}</span>
            <IconButton
              small
              label={t('suggestion.next')}
              icon={<ChevronRight size={16} aria-hidden />}
              isDisabled={page >= pages.length}
              onPress={() => pageDrafts(sceneId, 1)}
            />
          </>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
      {draft.error && <ErrorNote error={draft.error} />}
      {draft.error && hasText && <p className="sl-quiet">{t('suggestion.failedKept')}</p>}
      {!running && hasText && draft.purpose === 'rewrite' && (
        <section className="sl-changes" aria-label={t('suggestion.changes')}>
          <WordDiff before={draft.source} after={draft.text.trim()} language={draft.language} />
        </section>
      )}
      {running ? (
        <div className="sl-card-text" role="log" aria-label={t('suggestion.log')} aria-live="off" aria-busy>
          {draft.text}
          <span className="sl-caret" aria-hidden />
        </div>
      ) : (
        (hasText || !draft.error) && (
          <textarea
            data-beside={draft.purpose === 'rewrite' ? '' : undefined}
            aria-label={t('suggestion.edit')}
            value={draft.text}
            spellCheck
            onChange={(event) => editDraft(draft.id, event.target.value)}
          />
        )
      )}
      {!running && announcement !== '' && !draft.error && draft.result?.finish !== 'end' && (
        <p className="sl-quiet">{announcement}</p>
      )}
      {!running && hasText && <p className="sl-quiet">{place}</p>}
      <Figures draft={draft} />
      <div className="sl-assistant-row">
        {running ? (
          <Button small look="outline" onPress={() => stopWriting(sceneId)}>
            {t('suggestion.stop')}
          </Button>
        ) : (
          <>
            {hasText && (
              <Button small look="solid" onPress={() => acceptDraft(sceneId, labels)}>
                {t('suggestion.accept')}
              </Button>
            )}
            {hasParagraphs && (
              <Button small look="outline" onPress={() => acceptFirstParagraph(sceneId, labels)}>
                {t('suggestion.acceptParagraph')}
              </Button>
            )}
            <Button small look="outline" onPress={() => regenerate(sceneId)}>
              {draft.error ? t('suggestion.retry') : t('suggestion.regenerate')}
            </Button>
            {hasText && draft.purpose === 'write' && (
              <Button small look="outline" isDisabled={kept} onPress={() => keepDraft(sceneId, labels)}>
                {kept ? t('suggestion.kept') : t('suggestion.keep')}
              </Button>
            )}
            {draft.error && (
              <Button small look="outline" onPress={() => openDialog('models')}>
                {t('suggestion.openModels')}
              </Button>
            )}
            <Button small onPress={() => rejectDraft(sceneId)}>
              {t('suggestion.reject')}
            </Button>
          </>
        )}
      </div>
      {draft.report && (
        <div>
          <TextButton className="sl-inspect" onPress={() => setInspecting(true)}>
            {t('suggestion.inspector')}
          </TextButton>
        </div>
      )}
      {inspecting && draft.report && (
        <Inspector draft={draft} report={draft.report} onClose={() => setInspecting(false)} />
      )}
    </section>
  );
}

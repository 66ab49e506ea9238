import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WarmUpEvent } from '#shared/models/warmUp.ts';
import { client } from '../../api/client.ts';
import { useModelNames } from '../../components/useModelNames.ts';
import { useSettings } from '../../stores/settingsStore.ts';
import { openStory, useStoryStore } from '../../stores/storyStore.ts';

/** What is made ready for the open story while nobody waits for a model. */
export function WarmUpLine() {
  const { t } = useTranslation();
  const nameOf = useModelNames();
  const storyId = useStoryStore((state) => state.story?.id);
  const setting = useSettings((settings) => settings.warmUp);
  const [event, setEvent] = useState<WarmUpEvent | null>(null);
  useEffect(() => {
    if (storyId === undefined || setting === 'off') return;
    const abort = new AbortController();
    void (async () => {
      try {
        const { sessionId } = openStory();
        const events = await client.monitoring.warmUp({ sessionId }, { signal: abort.signal });
        for await (const next of events) setEvent(next);
      } catch {
        // The story was closed, or the engine went away: nobody waits for this.
      } finally {
        setEvent(null);
      }
    })();
    return () => abort.abort();
  }, [storyId, setting]);
  if (event === null || event.kind === 'waiting') return null;
  if (event.kind === 'looking') {
    return <span>{t('monitoring.warmLooking', { done: event.done, total: event.total })}</span>;
  }
  return <span>{t('monitoring.warmLoading', { model: nameOf(event.modelId) })}</span>;
}

import { useTranslation } from 'react-i18next';
import type { SceneId } from '#shared/story/ids.ts';
import { Button } from '../../components/Button.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { removeAlternative, showAlternative } from '../../stores/suggestionDecide.ts';
import { useSuggestionLabels } from './useSuggestionLabels.ts';

/** The alternatives that are kept with a scene. */
export function KeptAlternatives({ sceneId }: { readonly sceneId: SceneId }) {
  const { t } = useTranslation();
  const { ago } = useFormat();
  const labels = useSuggestionLabels();
  const alternatives = useStoryStore((state) => state.story?.scenes[sceneId]?.alternatives);
  if (!alternatives || alternatives.length === 0) return null;
  return (
    <section className="sl-kept">
      <h2>{t('suggestion.keptHeading')}</h2>
      <ul className="sl-kept">
        {alternatives.toReversed().map((alternative) => (
          <li key={alternative.id}>
            <p>{alternative.text}</p>
            <span className="sl-quiet">
              {alternative.modelId || t('suggestion.yours')} · {ago(alternative.createdAt)}
            </span>
            <div className="sl-assistant-row">
              <Button small look="outline" onPress={() => showAlternative(sceneId, alternative)}>
                {t('suggestion.keptUse')}
              </Button>
              <Button small onPress={() => removeAlternative(sceneId, alternative.id, labels)}>
                {t('suggestion.keptRemove')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

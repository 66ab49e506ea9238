import { useTranslation } from 'react-i18next';
import type { Evidence, Statement } from '#shared/consistency/findings.ts';
import type { CharacterId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { Button } from '../../components/Button.tsx';
import { pictureName } from '../../components/pictures/pictureText.ts';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { openCharacter, openScene, select } from '../../stores/selectionStore.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import styles from './Consistency.module.css';

/** Where a statement stands, in words. */
export function usePlaceName(): (evidence: Evidence) => string {
  const { t } = useTranslation();
  const language = useInterfaceLanguage();
  const story = useStoryStore((state) => state.story);
  const nameOf = (id: CharacterId) => story?.characters[id]?.name || t('app.untitled');
  return (evidence) => {
    if (evidence.kind === 'scene') return story?.scenes[evidence.sceneId]?.title || t('app.untitled');
    if (evidence.kind === 'sheet') return t('consistency.sheet', { character: nameOf(evidence.characterId) });
    const image = story?.images[evidence.imageId];
    return image ? pictureName(image, language) : t('app.untitled');
  };
}

/** Opens the place of a statement: the sentence in the editor, the sheet, or the picture. */
function show(evidence: Evidence, story: Story | null): void {
  if (evidence.kind === 'sheet') openCharacter(evidence.characterId);
  else if (evidence.kind === 'picture') select({ imageId: evidence.imageId });
  else {
    openScene(evidence.sceneId);
    const { sceneId, start, end, sentence, sentenceStart } = evidence;
    const text = story?.scenes[sceneId]?.text ?? null;
    const moved = text?.indexOf(sentence) ?? sentenceStart;
    const shift = moved < 0 ? 0 : moved - sentenceStart;
    const words = sentence.slice(start - sentenceStart, end - sentenceStart);
    select({ reveal: { sceneId, from: start + shift, to: end + shift, text: words } });
  }
}

/** One statement with its sentence, the telling words marked, and the way to its place. */
export function EvidenceView({ statement, onShow }: { readonly statement: Statement; onShow(): void }) {
  const { t } = useTranslation();
  const { evidence } = statement;
  const placeName = usePlaceName()(evidence);
  const nameOf = useModelNames();
  const story = useStoryStore((state) => state.story);
  const image = evidence.kind === 'picture' ? story?.images[evidence.imageId] : undefined;
  const from = evidence.start - evidence.sentenceStart;
  const to = evidence.end - evidence.sentenceStart;
  return (
    <div className={styles.evidence}>
      {image && (
        <span className={styles.thumb}>
          <Thumb image={image} isDecorative />
        </span>
      )}
      <div className={styles.told}>
        <p className={styles.place}>
          {placeName}
          {evidence.kind === 'picture' && evidence.modelId !== null && (
            <span> · {t('consistency.byModel', { model: nameOf(evidence.modelId) })}</span>
          )}
        </p>
        <p className={styles.sentence}>
          {evidence.sentence.slice(0, from)}
          <mark className={styles.mark}>{evidence.sentence.slice(from, to)}</mark>
          {evidence.sentence.slice(to)}
        </p>
      </div>
      <Button
        small
        aria-label={t('consistency.showWhere', { place: placeName })}
        onPress={() => {
          onShow();
          show(evidence, story);
        }}
      >
        {t('consistency.show')}
      </Button>
    </div>
  );
}

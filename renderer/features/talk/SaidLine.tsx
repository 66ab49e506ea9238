import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { AnsweredLine } from '../../components/AnsweredLine.tsx';
import { IconButton } from '../../components/Button.tsx';
import { Thumb } from '../../components/pictures/Thumb.tsx';
import { Thumbs } from '../../components/Thumbs.tsx';
import { useModelNames } from '../../components/useModelNames.ts';
import { tell } from '../../stores/notices.ts';
import { useStoryStore } from '../../stores/storyStore.ts';
import { type Said, useTalk } from '../../stores/talkStore.ts';
import styles from './Talk.module.css';

export interface SaidLineProps {
  readonly said: Said;
  readonly images: Readonly<Record<ImageId, StoryImage>>;
  readonly isLast: boolean;
}

/** One turn of the conversation. */
export function SaidLine({ said, images, isLast }: SaidLineProps) {
  const { t } = useTranslation();
  const language = useStoryStore((state) => state.story?.language ?? 'en');
  const isAnswering = useTalk((talk) => talk.isAnswering);
  const { role, text, imageIds, answered } = said;
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => tell(t('talk.copied')),
      () => undefined,
    );
  };
  return (
    <li className={styles.said} data-role={role}>
      {imageIds.length > 0 && (
        <div className={styles.showing}>
          {imageIds
            .flatMap((id) => images[id] ?? [])
            .map((image) => (
              <span key={image.id} className={styles.small}>
                <Thumb image={image} />
              </span>
            ))}
        </div>
      )}
      <p className={styles.words}>{text === '' && isLast && isAnswering ? <Waiting /> : text}</p>
      {answered && (
        <div className={styles.foot}>
          <span className={styles.quiet}>
            <AnsweredLine answered={answered} />
          </span>
          <Thumbs of={{ task: 'answer', language, modelId: answered.modelId }} />
          <IconButton small label={t('talk.copy')} icon={<Copy size={16} aria-hidden />} onPress={copy} />
        </div>
      )}
    </li>
  );
}

function Waiting() {
  const { t } = useTranslation();
  const loading = useTalk((talk) => talk.loading);
  const nameOf = useModelNames();
  return (
    <span className={styles.quiet}>
      {loading === null ? t('talk.thinking') : t('talk.loading', { model: nameOf(loading) })}
    </span>
  );
}

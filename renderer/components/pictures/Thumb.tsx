import { ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ImageVariant } from '#shared/contract/urls.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { useInterfaceLanguage } from '../../i18n/useInterfaceLanguage.ts';
import { pictureUrl } from '../../stores/storyStore.ts';
import styles from './Pictures.module.css';
import { pictureAlt } from './pictureText.ts';

export interface ThumbProps {
  readonly image: StoryImage;
  readonly variant?: ImageVariant;
  /** The picture's name is read elsewhere already. */
  readonly isDecorative?: boolean;
  readonly fit?: 'cover' | 'contain';
}

/** A picture that was just added is shown before the studio knows it; it is asked for again after these pauses. */
const retryMs = [400, 1_200, 4_000];

/** A picture of the open story; a sign instead where its file is missing. */
export function Thumb({ image, variant = 'thumb', isDecorative = false, fit = 'cover' }: ThumbProps) {
  const language = useInterfaceLanguage();
  const [failures, setFailures] = useState(0);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const delay = retryMs[failures - 1];
    if (delay === undefined) return;
    const timer = setTimeout(() => setAttempt(failures), delay);
    return () => clearTimeout(timer);
  }, [failures]);
  if (failures > attempt) {
    return (
      <span className={styles.broken}>
        <ImageOff size={20} aria-label={isDecorative ? '' : pictureAlt(image, language)} />
      </span>
    );
  }
  return (
    <img
      key={attempt}
      className={`${styles.image} ${fit === 'contain' ? styles.contain : ''}`}
      src={pictureUrl(image.id, variant)}
      alt={isDecorative ? '' : pictureAlt(image, language)}
      width={image.width}
      height={image.height}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailures(attempt + 1)}
    />
  );
}

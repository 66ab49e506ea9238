import { ImageOff } from 'lucide-react';
import { useState } from 'react';
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

/** A picture of the open story; a sign instead where its file is missing. */
export function Thumb({ image, variant = 'thumb', isDecorative = false, fit = 'cover' }: ThumbProps) {
  const language = useInterfaceLanguage();
  const [isBroken, setBroken] = useState(false);
  if (isBroken) {
    return (
      <span className={styles.broken}>
        <ImageOff size={20} aria-label={isDecorative ? '' : pictureAlt(image, language)} />
      </span>
    );
  }
  return (
    <img
      className={`${styles.image} ${fit === 'contain' ? styles.contain : ''}`}
      src={pictureUrl(image.id, variant)}
      alt={isDecorative ? '' : pictureAlt(image, language)}
      width={image.width}
      height={image.height}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setBroken(true)}
    />
  );
}

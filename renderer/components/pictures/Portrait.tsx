import type { CharacterId } from '#shared/story/ids.ts';
import { pictureUrl, useStoryStore } from '../../stores/storyStore.ts';
import styles from './Portrait.module.css';

export interface PortraitProps {
  readonly characterId: CharacterId;
  /** Pixels. */
  readonly size: number;
}

/** A character's face in a circle; the first letter of the name until there is a portrait. The name stands beside it. */
export function Portrait({ characterId, size }: PortraitProps) {
  const name = useStoryStore((state) => state.story?.characters[characterId]?.name ?? '');
  const portrait = useStoryStore((state) => {
    const id = state.story?.characters[characterId]?.portrait ?? null;
    const gone = state.story?.trash.some((entry) => entry.kind === 'image' && entry.id === id) ?? true;
    return id !== null && !gone && state.story?.images[id] ? id : null;
  });
  const box = { width: size, height: size, fontSize: Math.round(size * 0.45) };
  if (portrait === null) {
    return (
      <span className={styles.letter} style={box} aria-hidden>
        {Array.from(name)[0] ?? '·'}
      </span>
    );
  }
  return (
    <img className={styles.face} style={box} src={pictureUrl(portrait, 'thumb')} alt="" draggable={false} />
  );
}

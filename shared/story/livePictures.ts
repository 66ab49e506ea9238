import type { StoryImage } from './image.ts';
import type { Story } from './story.ts';

/** Pictures that are not in the trash, newest last. */
export function livePictures({ images, trash }: Pick<Story, 'images' | 'trash'>): StoryImage[] {
  const gone = new Set(trash.flatMap((entry) => (entry.kind === 'image' ? [entry.id] : [])));
  return Object.values(images).filter(({ id }) => !gone.has(id));
}

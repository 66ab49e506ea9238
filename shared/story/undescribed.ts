import type { ImageId } from './ids.ts';
import { livePictures } from './livePictures.ts';
import type { Language } from './scene.ts';
import type { Story } from './story.ts';

/** The text of a picture that a description in each style is meant for. */
export const describedField = { alt: 'alt', detailed: 'caption' } as const;

/** Pictures of the story, those in the trash left out, that have no such text in this language. */
export function undescribed(story: Story, style: keyof typeof describedField, language: Language): ImageId[] {
  return livePictures(story)
    .filter((image) => image[describedField[style]][language].trim() === '')
    .map(({ id }) => id);
}

import type { StoryImage } from '#shared/story/image.ts';
import type { Language } from '#shared/story/scene.ts';

/** What a picture is called in a list: its caption, else its description, else the name of its file. */
export function pictureName(image: StoryImage, language: Language): string {
  const other = language === 'en' ? 'zh' : 'en';
  return (
    image.caption[language] ||
    image.caption[other] ||
    image.alt[language] ||
    image.alt[other] ||
    image.originalName
  );
}

/** The text for people who cannot see the picture; the caption or file name until somebody wrote one. */
export function pictureAlt(image: StoryImage, language: Language): string {
  const other = language === 'en' ? 'zh' : 'en';
  return image.alt[language] || image.alt[other] || pictureName(image, language);
}

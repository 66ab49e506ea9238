import type { StoryImage } from '#shared/story/image.ts';

/** Whether every word of the query stands somewhere in what is written about the picture. */
export function matchesPicture(image: StoryImage, query: string): boolean {
  const about = [
    image.originalName,
    image.alt.en,
    image.alt.zh,
    image.caption.en,
    image.caption.zh,
    image.credit,
    ...image.tags,
  ]
    .join('\n')
    .toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => about.includes(word));
}

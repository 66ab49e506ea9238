import type { Prompting } from '../adapters/adapter.ts';
import type { Raster } from '../preprocessing/raster.ts';

/** Share of the context that pictures may take. */
const pictureShare = 0.3;

/** Tokens of a context that pictures take. */
export const pictureTokens = (pictures: readonly Raster[], prompting: Prompting): number =>
  pictures.reduce((sum, picture) => sum + prompting.pictureTokens(picture), 0);

/** The first pictures that leave enough of the context to the words. */
export function fittingPictures(pictures: readonly Raster[], prompting: Prompting): readonly Raster[] {
  const most = pictureShare * prompting.contextTokens;
  for (let count = pictures.length; count > 0; count--) {
    const first = pictures.slice(0, count);
    if (pictureTokens(first, prompting) <= most) return first;
  }
  return [];
}

/** A prompt with so many pictures shown before its words. */
export const renderShown = (prompting: Prompting, lead: string, text: string, pictures: number): string =>
  pictures === 0
    ? prompting.render(lead, text)
    : prompting.converse([
        { role: 'user', text: lead, pictures },
        { role: 'assistant', text, pictures: 0 },
      ]);

import { charactersOf } from '#shared/consistency/people/cast.ts';
import {
  type Fact,
  type PictureText,
  type PictureTopic,
  pictureQuestions,
} from '#shared/consistency/read/readTexts.ts';
import type { CharacterId, ImageId } from '#shared/story/ids.ts';
import { livePictures } from '#shared/story/livePictures.ts';
import type { Story } from '#shared/story/story.ts';

/** Pictures that are meant to show a character: portrait and gallery, moods and pictures in the trash left out. */
export function picturesOfCharacters(story: Story): { characterId: CharacterId; imageId: ImageId }[] {
  const live = new Set(livePictures(story).map(({ id }) => id));
  return charactersOf(story).flatMap(({ id, portrait, pictures }) => {
    const shown = pictures.filter(({ role }) => role !== 'mood').map(({ imageId }) => imageId);
    const images = new Set([...(portrait === null ? [] : [portrait]), ...shown]);
    return [...images]
      .filter((imageId) => live.has(imageId))
      .map((imageId) => ({ characterId: id, imageId }));
  });
}

/** What the writer says of characters' pictures: captions and alternative texts in both languages. */
export function writtenPictureTexts(story: Story): PictureText[] {
  return picturesOfCharacters(story).flatMap(({ characterId, imageId }) => {
    const image = story.images[imageId];
    if (!image) return [];
    const texts = (['caption', 'alt'] as const).flatMap((source) =>
      [image[source].en, image[source].zh].map((text) => ({ source, text })),
    );
    return texts
      .filter(({ text }) => text.trim() !== '')
      .map(({ source, text }) => ({ imageId, characterId, source, topic: null, text, modelId: null }));
  });
}

/** A question to ask about a picture of a character. */
export interface PictureQuestion {
  readonly imageId: ImageId;
  readonly characterId: CharacterId;
  readonly topic: PictureTopic;
  readonly question: string;
}

/** The questions whose answers could contradict what the sheets tell; others are not worth a model's time. */
export function planQuestions(story: Story, sheets: readonly Fact[]): PictureQuestion[] {
  const tells = (characterId: CharacterId, topic: PictureTopic) =>
    sheets.some((fact) => fact.characterId === characterId && fact.attribute.startsWith(topic));
  return picturesOfCharacters(story).flatMap((picture) =>
    (Object.keys(pictureQuestions) as PictureTopic[])
      .filter((topic) => tells(picture.characterId, topic))
      .map((topic) => ({ ...picture, topic, question: pictureQuestions[topic][story.language] })),
  );
}

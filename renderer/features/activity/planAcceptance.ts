import type { JobOptions } from '#shared/models/job.ts';
import type { Command } from '#shared/story/commands.ts';
import { ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import type { Story } from '#shared/story/story.ts';
import { describedField } from '#shared/story/undescribed.ts';

/** A text that the writer takes over for a picture. */
export interface AcceptedText {
  /** The picture's id. */
  readonly item: string;
  readonly text: string;
}

/** The picture that a proposal is about; `null` where the story has it no longer. */
export function pictureOf(story: Story, item: string): StoryImage | null {
  const id = ImageId.safeParse(item);
  return (id.success && story.images[id.data]) || null;
}

/** The text that a proposal would replace; empty where there is none. */
export const presentText = (
  image: StoryImage,
  { style, language }: JobOptions<'describe-pictures'>,
): string => image[describedField[style]][language];

/** The commands that write texts into their pictures, the other language's left as they are. Pictures that are gone are passed over. */
export function planAcceptance(
  story: Story,
  { style, language }: JobOptions<'describe-pictures'>,
  accepted: readonly AcceptedText[],
): Command[] {
  const field = describedField[style];
  return accepted.flatMap(({ item, text }) => {
    const image = pictureOf(story, item);
    if (!image || text.trim() === '') return [];
    return [
      {
        kind: 'image.update' as const,
        id: image.id,
        patch: { [field]: { ...image[field], [language]: text.trim() } },
      },
    ];
  });
}

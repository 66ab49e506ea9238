import type { PictureRole } from '#shared/story/image.ts';
import type { SceneStatus } from '#shared/story/scene.ts';
import type { PictureName } from './pictures.ts';

/** One sample story as its authors write it; `build.ts` turns it into a project folder. */
export interface SampleStory {
  readonly title: string;
  readonly author: string;
  readonly summary: string;
  readonly characters: readonly SampleCharacter[];
  readonly chapters: readonly { readonly title: string; readonly scenes: readonly SampleScene[] }[];
}

export type CharacterName = 'elara' | 'oldRoot' | 'guardian';

interface SampleCharacter {
  readonly name: CharacterName;
  readonly shownAs: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly visualDescription: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly notes: string;
  readonly portrait: PictureName;
}

interface SampleScene {
  readonly title: string;
  readonly summary: string;
  readonly status: SceneStatus;
  readonly characters: readonly CharacterName[];
  readonly pictures: readonly (readonly [picture: PictureName, role: PictureRole])[];
  readonly note: string;
  /** CommonMark; `{{name}}` on a line of its own stands for that picture with its alt text and caption. */
  readonly text: string;
}

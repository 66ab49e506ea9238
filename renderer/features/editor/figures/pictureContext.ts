import { Facet } from '@codemirror/state';
import type { StoryImage } from '#shared/story/image.ts';

/** Texts of a figure's fields and buttons, in the language of the interface. */
export interface FigureTexts {
  readonly picture: string;
  readonly caption: string;
  readonly alt: string;
  readonly altHint: string;
  readonly missing: string;
  readonly foreign: string;
  readonly remove: string;
  readonly moveUp: string;
  readonly moveDown: string;
}

/** What figures need to know about the open story. */
export interface PictureContext {
  /** The picture with that file name, unless it is in the trash. */
  find(file: string): StoryImage | null;
  url(image: StoryImage): string;
  readonly texts: FigureTexts;
  readonly readOnly: boolean;
  /** Undo and redo of the story, for keys pressed in a figure's fields. */
  undo(): void;
  redo(): void;
}

/** The open story's pictures; without a value, figures are not drawn. */
export const pictureContext = Facet.define<PictureContext, PictureContext | null>({
  combine: (values) => values[0] ?? null,
});

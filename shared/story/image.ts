import { z } from 'zod';
import { ImageId } from './ids.ts';

/** One text in each story language; empty where nobody wrote it yet. */
export const LocalizedText = z.object({ en: z.string(), zh: z.string() });
export type LocalizedText = z.infer<typeof LocalizedText>;

/** Formats a story may hold. SVG is refused: it can run scripts and exhaust a decoder. */
export const ImageFormat = z.enum(['jpeg', 'png', 'webp', 'gif', 'avif']);
export type ImageFormat = z.infer<typeof ImageFormat>;

/** A picture in the story's own `images/` folder. `width` and `height` are upright pixels (EXIF rotation applied). */
export const StoryImage = z.object({
  id: ImageId,
  /** File name inside `images/`: readable name, short content hash, extension. */
  file: z.string().min(1),
  /** The name the file had when it was dropped. */
  originalName: z.string(),
  format: ImageFormat,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int().positive(),
  animated: z.boolean(),
  /** For people who cannot see the picture. */
  alt: LocalizedText,
  /** Printed under the picture. */
  caption: LocalizedText,
  tags: z.array(z.string()),
  credit: z.string(),
  licence: z.string(),
  source: z.string(),
});
export type StoryImage = z.infer<typeof StoryImage>;

export const PictureRole = z.enum(['portrait', 'illustration', 'reference', 'mood']);
export type PictureRole = z.infer<typeof PictureRole>;

/** A picture in the gallery of a scene or character, with the part it plays there. */
export const PictureUse = z.object({ imageId: ImageId, role: PictureRole });
export type PictureUse = z.infer<typeof PictureUse>;

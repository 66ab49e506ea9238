import { relative, resolve, sep } from 'node:path';
import type { BookOptions, SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { fileSlug } from '#shared/text/slug.ts';
import { pictureFile } from '../images/pictureFile.ts';
import type { Sessions } from '../session.ts';
import { planBook } from './planBook.ts';
import { writeBook } from './writeBook.ts';

/** What the book service needs from outside. */
export interface BooksOptions {
  readonly sessions: Pick<Sessions, 'get'>;
  /** Where books go when the writer named no folder; a function where that may change while the app runs. */
  readonly defaultBooksFolder: string | (() => string | Promise<string>);
}

/** The `books` namespace of the contract. */
export interface BooksService {
  export(input: {
    sessionId: SessionId;
    options: BookOptions;
    parentFolder: string | null;
  }): Promise<{ folder: string; files: number; leftOut: string[] }>;
}

/** Folders that belong to the story's own files; a book in there would be read as a part of the story. */
function isStoryFolder(parentFolder: string, storyFolder: string): boolean {
  const first = relative(resolve(storyFolder), resolve(parentFolder)).split(sep)[0];
  return ['scenes', 'characters', 'images', '.storyloom'].includes(first ?? '');
}

export function createBooksService({ sessions, defaultBooksFolder }: BooksOptions): BooksService {
  return {
    async export({ sessionId, options, parentFolder }) {
      const session = sessions.get(sessionId);
      const texts = await session.readTexts(sceneOrder(session.story.outline));
      const { story } = session;
      const pictures = new Map<string, string>();
      const missing = new Set<string>();
      for (const image of Object.values(story.images)) {
        await pictureFile(session.folder, image).then(
          (path) => pictures.set(image.file, path),
          () => missing.add(image.file),
        );
      }
      const parent =
        parentFolder ??
        (typeof defaultBooksFolder === 'string' ? defaultBooksFolder : await defaultBooksFolder());
      if (isStoryFolder(parent, session.folder)) {
        throw new AppError('book/folder-in-use', 'The folder belongs to the files of the story', {
          details: { folder: parent },
        });
      }
      const files = planBook(story, texts, options, ({ file }) => !missing.has(file));
      const name = `${fileSlug(story.title)}-book`;
      const folder = await writeBook(files, parent, name, pictures);
      return { folder, files: files.length, leftOut: Array.from(missing).sort() };
    },
  };
}

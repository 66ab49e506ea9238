import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type OpenedStory, RecentStory } from '#shared/contract/studio.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { atomicSave } from '../disk/atomicSave.ts';
import { diskError } from '../disk/diskError.ts';
import { parseJson, printJson } from '../files/json.ts';
import { countWords } from './loadProject.ts';

/** What is kept of a recent story; the rest is looked up when the list is shown. */
const RecentEntry = RecentStory.omit({ coverUrl: true, exists: true });
export type RecentEntry = z.infer<typeof RecentEntry>;
const RecentFile = z.object({ stories: z.array(z.unknown()) });

const mostRemembered = 50;

/** The stories opened lately, in the user's data; a damaged list is an empty one. */
export class RecentStories {
  readonly #path: string;
  readonly #folder: string;
  readonly #writer: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(userDataFolder: string) {
    this.#folder = userDataFolder;
    this.#path = join(userDataFolder, 'recent-stories.json');
    this.#writer = createHash('sha256')
      .update(`${String(process.pid)}`)
      .digest('hex')
      .slice(0, 8);
  }

  /** Latest first. */
  async list(): Promise<RecentEntry[]> {
    try {
      const { stories } = RecentFile.parse(parseJson(await fs.readFile(this.#path)));
      return stories.flatMap((story) => {
        const entry = RecentEntry.safeParse(story);
        return entry.success ? [entry.data] : [];
      });
    } catch {
      return [];
    }
  }

  async remember({ folder, story }: OpenedStory, openedAt: string): Promise<void> {
    const entry: RecentEntry = {
      folder,
      title: story.title,
      language: story.language,
      openedAt,
      words: countWords(story),
      scenes: sceneOrder(story.outline).length,
    };
    await this.#change((stories) => [entry, ...stories.filter((other) => other.folder !== folder)]);
  }

  async forget(folder: string): Promise<void> {
    await this.#change((stories) => stories.filter((other) => other.folder !== folder));
  }

  #change(change: (stories: RecentEntry[]) => RecentEntry[]): Promise<void> {
    const work = async () => {
      const stories = change(await this.list()).slice(0, mostRemembered);
      await fs.mkdir(this.#folder, { recursive: true }).catch((thrown: unknown) => {
        throw diskError(thrown, this.#folder);
      });
      await atomicSave(this.#path, Buffer.from(printJson({ stories })), { writer: this.#writer });
    };
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

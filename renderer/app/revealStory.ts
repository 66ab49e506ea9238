import { AppError } from '#shared/errors/AppError.ts';
import { client } from '../api/client.ts';
import { tellError } from '../stores/notices.ts';
import { useStoryStore } from '../stores/storyStore.ts';

/** Shows a path in the system's file manager. */
export async function reveal(path: string): Promise<void> {
  try {
    await client.projects.reveal({ path });
  } catch (thrown) {
    tellError(AppError.from(thrown));
  }
}

export async function revealStory(): Promise<void> {
  const folder = useStoryStore.getState().opened?.folder;
  if (folder !== undefined) await reveal(folder);
}

import { createProject } from '#electron/services/studio/project/createProject.ts';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { StoryFolder } from '#electron/services/studio/project/StoryFolder.ts';
import type { Story } from '#shared/story/story.ts';

/** Puts a story made in memory on the disk, without its pictures' bytes, and resolves to its folder. */
export async function writeStory(parentFolder: string, story: Story): Promise<string> {
  const path = await createProject(parentFolder, story.title, story.language);
  const loaded = await loadProject(createDiskSource(path), { keepsTexts: false });
  const folder = new StoryFolder(path, loaded, { writer: 'bigstory', now: Date.now });
  await folder.save({ story, emptied: new Set(), skip: new Set(), announce: () => Promise.resolve() });
  return path;
}

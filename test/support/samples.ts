import { join } from 'node:path';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';

/** The sample story's project folder in this repository. */
export const sampleFolder = (language: Language): string =>
  join(import.meta.dirname, `../../electron/samples/crystal-guardian-${language}`);

/** Scene texts of a story whose scenes have all been read. */
export const textsOf = (story: Story): Map<SceneId, string> =>
  new Map(Object.values(story.scenes).map((scene) => [scene.id, scene.text ?? '']));

/** A story read from its folder, texts included. */
export async function readStory(folder: string): Promise<Story> {
  const { story } = await loadProject(createDiskSource(folder), { keepsTexts: true });
  return story;
}

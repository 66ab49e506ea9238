import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { StoryFolder } from '#electron/services/studio/project/StoryFolder.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { SceneId } from '#shared/story/ids.ts';

/** One save of one changed scene, under a fixed temporary name: the process that a fault is put into. */
const [folder = '', text = ''] = process.argv.slice(2);
const loaded = await loadProject(createDiskSource(folder), { keepsTexts: true });
const story = new StoryFolder(folder, loaded, { writer: 'faultpt0', now: Date.now });
const [scene] = Object.values(loaded.story.scenes);
if (!scene) throw new Error('No scene');
try {
  const changed = await story.save({
    story: { ...loaded.story, scenes: { ...loaded.story.scenes, [scene.id]: { ...scene, text } } },
    emptied: new Set<SceneId>(),
    skip: new Set<SceneId>(),
    announce: () => Promise.resolve(),
  });
  process.stdout.write(changed.length === 0 ? 'SAVED\n' : 'CONFLICT\n');
} catch (thrown) {
  process.stdout.write(`REFUSED ${AppError.from(thrown).code}\n`);
}

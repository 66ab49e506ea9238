import type { Command } from '#shared/story/commands.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import type { Story } from '#shared/story/story.ts';
import { blockInsertion, figureMarkdown } from './figureSyntax.ts';

/**
 * The one step that puts pictures into a scene's text at an offset: new ones join the story, each joins the scene's
 * gallery unless it hangs there, one taken from the trash comes back, and the figures stand in the order given.
 */
export function planInsertion(
  story: Story,
  sceneId: SceneId,
  at: number,
  pictures: readonly (StoryImage | ImageId)[],
): Command[] {
  const scene = story.scenes[sceneId];
  if (!scene || scene.text === null) return [];
  const commands: Command[] = [];
  const blocks: string[] = [];
  const added = new Set<ImageId>();
  const owner = { kind: 'scene', id: sceneId } as const;
  let hanging = scene.pictures.length;
  for (const picture of pictures) {
    const image = typeof picture === 'string' ? story.images[picture] : picture;
    if (!image) continue;
    const first = !added.has(image.id);
    if (first && !story.images[image.id]) commands.push({ kind: 'image.add', image });
    if (first && story.trash.some((entry) => entry.kind === 'image' && entry.id === image.id)) {
      commands.push({ kind: 'image.restore', id: image.id });
    }
    if (first && !scene.pictures.some(({ imageId }) => imageId === image.id)) {
      const use = { imageId: image.id, role: 'illustration' } as const;
      commands.push({ kind: 'picture.attach', owner, use, index: hanging++ });
    }
    added.add(image.id);
    blocks.push(
      figureMarkdown({ file: image.file, alt: image.alt[scene.lang], caption: image.caption[scene.lang] }),
    );
  }
  if (blocks.length === 0) return [];
  const { at: place, insert } = blockInsertion(
    scene.text,
    Math.min(at, scene.text.length),
    blocks.join('\n\n'),
  );
  return [
    ...commands,
    { kind: 'text.edit', id: sceneId, edits: [{ at: place, removed: '', inserted: insert }] },
  ];
}

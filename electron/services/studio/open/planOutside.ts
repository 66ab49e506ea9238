import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { findNode } from '#shared/story/outline.ts';
import { planChange } from '#shared/story/planChange.ts';
import type { Story } from '#shared/story/story.ts';
import { alternativesPath } from '../files/fileNames.ts';
import { parseScene } from '../files/storyFiles.ts';
import type { LoadedProject } from '../project/loadProject.ts';
import { type Merged, mergeOutside } from '../project/mergeOutside.ts';
import type { ChangedOutside, StoryFolder } from '../project/StoryFolder.ts';

/** What to do about files that changed outside. */
export interface OutsidePlan {
  readonly merged: Merged;
  /** Bring the story in memory, and the windows' copies, up to date. */
  readonly commands: Command[];
  readonly conflicts: readonly ChangedOutside[];
  /** Scenes whose files were deleted outside: they are in the trash now, with these texts. */
  readonly resurrect: readonly { readonly id: SceneId; readonly text: string }[];
}

/** Decides what comes of outside changes: taken over where nothing was changed here, a conflict where both did. */
export async function planOutside(
  folder: StoryFolder,
  mine: Story,
  loaded: LoadedProject,
  keptBytes: (hash: string) => Promise<Buffer | null>,
): Promise<OutsidePlan> {
  const vanished = new Map<SceneId, string>();
  for (const [id, path] of folder.sceneFiles) {
    const isElsewhere = loaded.sceneFiles.has(id) && loaded.known.has(loaded.sceneFiles.get(id) ?? '');
    if (!isElsewhere && folder.known.has(path)) vanished.set(id, path);
  }
  const changed = new Set<SceneId>();
  for (const [id, path] of loaded.sceneFiles) {
    const isSame = (file: string) => loaded.known.get(file)?.sha256 === folder.known.get(file)?.sha256;
    if (!isSame(path) || !isSame(alternativesPath(path)) || folder.sceneFiles.get(id) !== path)
      changed.add(id);
  }
  const merged = mergeOutside({
    saved: folder.saved,
    mine,
    theirs: loaded.story,
    changed,
    vanished: new Set(vanished.keys()),
  });
  const commands = planChange(mine, merged.target);

  const resurrect: { id: SceneId; text: string }[] = [];
  for (const [id, path] of vanished) {
    const scene = mine.scenes[id];
    if (!scene || scene !== folder.saved.scenes[id]) continue;
    const bytes = scene.text === null ? await keptBytes(folder.known.get(path)?.sha256 ?? '') : null;
    const text = scene.text ?? (bytes ? parseScene(path, bytes, mine.language).scene.text : null);
    if (text === null) continue;
    resurrect.push({ id, text });
    if (findNode(merged.target.outline, id)) {
      commands.push({ kind: 'node.delete', id, deletedAt: new Date().toISOString() });
    }
  }

  const conflicts: ChangedOutside[] = [];
  for (const sceneId of merged.conflicts) {
    const path = loaded.sceneFiles.get(sceneId);
    if (path === undefined) continue;
    conflicts.push({ sceneId, path, theirs: await folder.source.read(path) });
  }
  return { merged, commands, conflicts, resurrect };
}

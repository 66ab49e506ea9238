import { create } from 'zustand';
import type {
  Conflict,
  OpenedStory,
  OpenNotice,
  ReadOnlyReason,
  SessionId,
} from '#shared/contract/studio.ts';
import { type ImageVariant, imageUrl } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import type { ImageId, SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { client } from '../api/client.ts';
import { dropNewest, emptyHistory, type History, record, seal, shift } from './history.ts';
import { tellError } from './notices.ts';
import type { SaveState } from './saveState.ts';
import { StoryLink } from './storyLink.ts';

export interface DispatchOptions {
  /** What undo will take back, in the language of the interface: "Typing", "Move scene". */
  readonly label: string;
  /** Steps with the same key within a second become one step of undo. */
  readonly merge?: string;
}

export interface StoryState {
  /** What the host said when the story was opened; `null` on the start screen. */
  readonly opened: OpenedStory | null;
  /** The story as the writer sees it: confirmed and pending commands applied. */
  readonly story: Story | null;
  readonly revision: number;
  readonly readOnly: ReadOnlyReason | null;
  readonly saveState: SaveState;
  readonly notices: readonly OpenNotice[];
  /** Scenes changed here and outside at once; the writer decides. */
  readonly conflicts: readonly Conflict[];
  readonly history: History;
}

const closed: StoryState = {
  opened: null,
  story: null,
  revision: 0,
  readOnly: null,
  saveState: { kind: 'saved', at: null },
  notices: [],
  conflicts: [],
  history: emptyHistory,
};

export const useStoryStore = create<StoryState>(() => closed);

let link: StoryLink | null = null;

const state = () => useStoryStore.getState();
const set = (patch: Partial<StoryState>) => useStoryStore.setState(patch);

/** The open story, for code that runs only while one is open. Errors: project/closed. */
export function openStory(): { story: Story; sessionId: SessionId } {
  const { story, opened } = state();
  if (!story || !opened) throw new AppError('project/closed', 'No story is open');
  return { story, sessionId: opened.sessionId };
}

/** Shows an opened story and keeps it in step with the host until {@link closeStory}. */
export function showStory(opened: OpenedStory): void {
  link?.stop();
  set({
    ...closed,
    opened,
    story: opened.story,
    revision: opened.revision,
    readOnly: opened.readOnly,
    notices: opened.notices,
  });
  link = new StoryLink(opened, {
    changed: (story, revision) => set({ story, revision }),
    foreign: (rebase) => set({ history: rebase(state().history) }),
    saveState: (saveState) => set({ saveState }),
    readOnly: (readOnly) => set({ readOnly }),
    conflict: (conflict) =>
      set({
        conflicts: [...state().conflicts.filter(({ sceneId }) => sceneId !== conflict.sceneId), conflict],
      }),
    reopened: (again) => set({ opened: again, readOnly: again.readOnly }),
  });
}

/** Sends and saves what is left, then goes back to the start screen. Errors: disk/*, host/disconnected; the story stays open then. */
export async function closeStory(): Promise<void> {
  const { opened } = state();
  if (!opened || !link) return;
  await link.flush();
  await client.projects.close({ sessionId: opened.sessionId });
  link.stop();
  link = null;
  set(closed);
}

/** Leaves the story without sending; only after {@link closeStory} failed and the writer chose to. */
export function abandonStory(): void {
  link?.stop();
  link = null;
  set(closed);
}

/**
 * Changes the story at once, sends the change, and makes it one step of undo. Returns `false`, having told the writer
 * why, where the story does not allow it.
 */
export function dispatch(commands: readonly Command[], { label, merge }: DispatchOptions): boolean {
  const { story, readOnly, history } = state();
  if (!story || !link || commands.length === 0) return false;
  if (readOnly !== null) {
    tellError(
      new AppError('project/read-only', 'The story cannot be changed', { details: { reason: readOnly } }),
    );
    return false;
  }
  try {
    const applied = applyCommands(story, commands);
    const step = { label, commands: applied.inverses, mergeKey: merge ?? null, atMs: performance.now() };
    set({ history: record(history, step) });
    link.push(commands, applied.story);
    return true;
  } catch (thrown) {
    tellError(AppError.from(thrown));
    return false;
  }
}

function travel(from: 'past' | 'future'): readonly Command[] {
  const { story, history, readOnly } = state();
  const step = history[from].at(-1);
  if (!story || !link || !step || readOnly !== null) return [];
  try {
    const applied = applyCommands(story, step.commands);
    set({ history: shift(history, from, applied.inverses) });
    link.push(step.commands, applied.story);
    return step.commands;
  } catch (thrown) {
    set({ history: dropNewest(history, from) });
    tellError(AppError.from(thrown));
    return [];
  }
}

/** Takes the newest step back, whatever it was. Returns the commands applied, so that the view can show the place. */
export const undo = (): readonly Command[] => travel('past');
export const redo = (): readonly Command[] => travel('future');

/** The next change starts a new step of undo, however soon it comes. */
export const endMerge = (): void => set({ history: seal(state().history) });

/** Reads texts that nobody has read yet; afterwards they are in `story.scenes`. Errors: host/disconnected, disk/*. */
export async function loadTexts(sceneIds: readonly SceneId[]): Promise<void> {
  await link?.loadTexts(sceneIds);
}

/** Sends everything and returns when it is in its files. Failures show in `saveState`. */
export async function saveNow(): Promise<boolean> {
  return (await link?.save()) ?? true;
}

/** Sends everything that waits; called on blur and before anything reads the story on the other side. */
export async function flushStory(): Promise<void> {
  await link?.flush();
}

/** Ends a conflict with the text that the writer chose. */
export async function resolveConflict(sceneId: SceneId, text: string): Promise<void> {
  await link?.resolveConflict(sceneId, text);
  set({ conflicts: state().conflicts.filter((conflict) => conflict.sceneId !== sceneId) });
}

export const dismissNotices = (): void => set({ notices: [] });

/** What undo and redo would do now; `null` where there is nothing to do. */
export const undoLabel = ({ history }: StoryState): string | null => history.past.at(-1)?.label ?? null;
export const redoLabel = ({ history }: StoryState): string | null => history.future.at(-1)?.label ?? null;

/** URL of a picture of the open story. */
export const pictureUrl = (imageId: ImageId, variant: ImageVariant): string =>
  imageUrl(openStory().sessionId, imageId, variant);

import type { OpenedStory, ReadOnlyReason, SessionId, StoryEvent } from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';

/** An open story: the authoritative copy in memory, its journal, and its files. */
export interface Session {
  readonly id: SessionId;
  readonly folder: string;
  /** The story now. Texts that nobody has read are `null`. */
  readonly story: Story;
  readonly revision: number;
  readonly readOnly: ReadOnlyReason | null;
  /** Reads texts from disk where needed; afterwards `story` holds them. */
  readTexts(sceneIds: readonly SceneId[]): Promise<ReadonlyMap<SceneId, string>>;
  /** Applies and journals; resolves to the new revision once the journal is on the disk. */
  apply(baseRevision: number, commands: readonly Command[]): Promise<number>;
  save(): Promise<{ revision: number; at: string }>;
  events(signal?: AbortSignal): AsyncGenerator<StoryEvent>;
  /** Saves what changed, makes the closing snapshot, gives the lock back. */
  close(): Promise<void>;
}

/** Every story open in this host. */
export interface Sessions {
  /** Errors: project/closed. */
  get(id: SessionId): Session;
  open(folder: string): Promise<OpenedStory>;
  closeAll(): Promise<void>;
}

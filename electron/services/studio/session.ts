import type {
  OpenedStory,
  ReadOnlyReason,
  SessionId,
  SnapshotInfo,
  StoryEvent,
} from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';

/** The saved states of one story, kept outside its folder. */
export interface SessionSnapshots {
  /** Newest first. */
  list(): Promise<SnapshotInfo[]>;
  /** Keeps the story as it is in memory now. Errors: disk/*. */
  create(name: string, reason: SnapshotInfo['reason']): Promise<SnapshotInfo>;
  /** The story as it was, texts included. Errors: snapshot/not-found. */
  read(snapshotId: string): Promise<Story>;
}

/** An open story: the authoritative copy in memory, its journal, and its files. */
export interface Session {
  readonly id: SessionId;
  readonly folder: string;
  /** The story now. Texts that nobody has read are `null`. A picture lies in `images/<story.images[id].file>`. */
  readonly story: Story;
  readonly revision: number;
  readonly readOnly: ReadOnlyReason | null;
  readonly snapshots: SessionSnapshots;
  /** Reads texts from disk where needed; afterwards `story` holds them. */
  readTexts(sceneIds: readonly SceneId[]): Promise<ReadonlyMap<SceneId, string>>;
  /** Applies and journals; resolves to the new revision once the journal is on the disk. */
  apply(baseRevision: number, commands: readonly Command[]): Promise<number>;
  save(): Promise<{ revision: number; at: string }>;
  events(signal?: AbortSignal): AsyncGenerator<StoryEvent>;
  /** Ends a conflict: `text` is the scene's text from now on and may be written over their version. */
  resolveConflict(sceneId: SceneId, text: string): Promise<void>;
  /** Saves what changed, makes the closing snapshot, gives the lock back. */
  close(): Promise<void>;
}

/** Every story open in this host. */
export interface Sessions {
  /** Errors: project/closed. */
  get(id: SessionId): Session;
  /** Errors: project/not-found, project/not-a-story, project/damaged. */
  open(folder: string): Promise<OpenedStory>;
  closeAll(): Promise<void>;
}

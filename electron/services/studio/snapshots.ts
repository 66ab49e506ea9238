import type { SessionId, SnapshotInfo } from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { planChange, withScenesOf } from '#shared/story/planChange.ts';
import type { Story } from '#shared/story/story.ts';
import type { Sessions } from './session.ts';

interface InSession {
  readonly sessionId: SessionId;
}

/** The `snapshots` namespace of the contract. */
export function createSnapshotsService({ sessions }: { sessions: Sessions }) {
  return {
    async list({ sessionId }: InSession): Promise<SnapshotInfo[]> {
      return sessions.get(sessionId).snapshots.list();
    },

    async create({
      sessionId,
      name,
      reason,
    }: InSession & { name: string; reason: 'manual' | 'before-change' }): Promise<SnapshotInfo> {
      return sessions.get(sessionId).snapshots.create(name, reason);
    },

    async read({ sessionId, snapshotId }: InSession & { snapshotId: string }): Promise<Story> {
      return sessions.get(sessionId).snapshots.read(snapshotId);
    },

    /** Commands only: the window applies them. The present state has been kept as `before-restore` when this returns. */
    async planRestore({
      sessionId,
      snapshotId,
      sceneIds,
    }: InSession & { snapshotId: string; sceneIds: readonly SceneId[] | null }): Promise<{
      commands: Command[];
    }> {
      const session = sessions.get(sessionId);
      const past = await session.snapshots.read(snapshotId);
      await session.readTexts(Object.values(session.story.scenes).map(({ id }) => id));
      if (session.readOnly === null) await session.snapshots.create('', 'before-restore');
      const target = sceneIds === null ? past : withScenesOf(session.story, past, sceneIds);
      return { commands: planChange(session.story, target) };
    },
  };
}

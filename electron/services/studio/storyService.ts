import type { SearchMatch, SearchQuery, SessionId, StoryEvent } from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { searchStory } from './search/searchStory.ts';
import type { Sessions } from './session.ts';

interface InSession {
  readonly sessionId: SessionId;
}

/** The `story` namespace of the contract: reading, editing, saving and searching an open story. */
export function createStoryService({ sessions }: { sessions: Sessions }) {
  return {
    async readTexts({ sessionId, sceneIds }: InSession & { sceneIds: readonly SceneId[] }) {
      const texts = await sessions.get(sessionId).readTexts(sceneIds);
      return Array.from(texts, ([sceneId, text]) => ({ sceneId, text }));
    },

    async apply({
      sessionId,
      baseRevision,
      commands,
    }: InSession & { baseRevision: number; commands: readonly Command[] }): Promise<{ revision: number }> {
      return { revision: await sessions.get(sessionId).apply(baseRevision, commands) };
    },

    async save({ sessionId }: InSession): Promise<{ revision: number; at: string }> {
      return sessions.get(sessionId).save();
    },

    watch({ sessionId }: InSession, signal?: AbortSignal): AsyncGenerator<StoryEvent> {
      return sessions.get(sessionId).events(signal);
    },

    async resolveConflict({ sessionId, sceneId, text }: InSession & { sceneId: SceneId; text: string }) {
      await sessions.get(sessionId).resolveConflict(sceneId, text);
    },

    /** Searches every text of the story. Errors: input/invalid for a pattern that is wrong or takes too long. */
    async search({ sessionId, query, limit }: InSession & { query: SearchQuery; limit: number }): Promise<{
      matches: SearchMatch[];
      truncated: boolean;
    }> {
      const session = sessions.get(sessionId);
      const texts = await session.readTexts(Object.values(session.story.scenes).map(({ id }) => id));
      return searchStory(session.story, texts, query, limit);
    },
  };
}

import type { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Session, Sessions } from '../session.ts';

/** The open story that a model may be asked about. Errors: project/closed, task/ai-disabled. */
export function aiSession(sessions: Sessions, id: SessionId): Session {
  const session = sessions.get(id);
  if (!session.story.settings.aiEnabled) {
    throw new AppError('task/ai-disabled', 'Models are switched off in this story');
  }
  return session;
}

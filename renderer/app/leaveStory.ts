import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import { abandonStory, closeStory } from '../stores/storyStore.ts';

/** Why the story could not be closed; the writer is asked what to do. */
export const useLeaving = create<{ error: AppError | null }>(() => ({ error: null }));

/** Closes the story and goes back to the start screen; asks first where something would be lost. */
export async function leaveStory(): Promise<void> {
  try {
    await closeStory();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === 'project/closed') abandonStory();
    else useLeaving.setState({ error });
  }
}

import { AppError } from '#shared/errors/AppError.ts';
import { otherLanguage } from '#shared/story/scene.ts';
import { openDialog } from '../stores/appStore.ts';
import { startJob } from '../stores/jobsStore.ts';
import { tellError } from '../stores/notices.ts';
import { openStory } from '../stores/storyStore.ts';

/** Has every scene summed up or translated that needs it, and shows what goes on. */
export async function startSceneJob(kind: 'summarise-scenes' | 'translate-scenes'): Promise<void> {
  const { language } = openStory().story;
  const options = { language: kind === 'summarise-scenes' ? language : otherLanguage(language) };
  try {
    await startJob({ kind, options }, null);
    openDialog('activity');
  } catch (thrown) {
    tellError(AppError.from(thrown));
  }
}

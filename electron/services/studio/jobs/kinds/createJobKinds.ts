import type { createTasksService } from '../../tasks/createTasksService.ts';
import type { JobKinds } from '../JobKind.ts';
import { describePictures } from './describePictures.ts';
import { summariseScenes } from './summariseScenes.ts';
import { translateScenes } from './translateScenes.ts';

/** Every kind of job, done with the studio's own tasks. */
export const createJobKinds = (
  tasks: Pick<ReturnType<typeof createTasksService>, 'describe' | 'compose'>,
): JobKinds => ({
  'describe-pictures': describePictures(tasks),
  'summarise-scenes': summariseScenes(tasks),
  'translate-scenes': translateScenes(tasks),
});

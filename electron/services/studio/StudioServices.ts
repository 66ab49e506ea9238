import type { EngineContract } from '#shared/contract/engine.ts';
import type { AppService } from './app/createAppService.ts';
import type { ServiceProcess } from './app/ServiceProcess.ts';
import type { BooksService } from './books/createBooksService.ts';
import type { ConsistencyService } from './consistency/createConsistencyService.ts';
import type { FeedbackService } from './feedback/createFeedbackService.ts';
import type { ImagesService } from './images/createImagesService.ts';
import type { JobsService } from './jobs/createJobsService.ts';
import type { MonitoringService } from './monitoring/createMonitoringService.ts';
import type { PlansService } from './plans/createPlansService.ts';
import type { ProjectsService } from './projects.ts';
import type { createSnapshotsService } from './snapshots.ts';
import type { createStoryService } from './storyService.ts';
import type { createTasksService } from './tasks/createTasksService.ts';
import type { WarmUp } from './warmUp/createWarmUp.ts';

/** Every service, for callers in the same process (the command line). */
export interface StudioServices {
  readonly app: AppService;
  readonly projects: ProjectsService;
  readonly story: ReturnType<typeof createStoryService>;
  readonly snapshots: ReturnType<typeof createSnapshotsService>;
  readonly images: ImagesService;
  readonly tasks: ReturnType<typeof createTasksService>;
  readonly books: BooksService;
  readonly jobs: JobsService;
  readonly plans: PlansService;
  readonly consistency: ConsistencyService;
  readonly feedback: FeedbackService;
  readonly monitoring: MonitoringService;
  readonly warmUp: WarmUp;
  readonly models: ServiceProcess<EngineContract>['client']['models'];
}

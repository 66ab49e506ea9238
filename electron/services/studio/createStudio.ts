import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import type { SessionId } from '#shared/contract/studio.ts';
import type { DeviceVerdict } from '#shared/models/devices.ts';
import type { Settings } from '#shared/settings.ts';
import { createAppService } from './app/createAppService.ts';
import { trackPageSaves } from './app/pageSaves.ts';
import type { ServiceProcess } from './app/ServiceProcess.ts';
import type { SettingsFile } from './app/settingsFile.ts';
import { createBooksService } from './books/createBooksService.ts';
import { createConsistencyService } from './consistency/createConsistencyService.ts';
import { createFeedbackService } from './feedback/createFeedbackService.ts';
import { votesOfDecision } from './feedback/votesOfDecision.ts';
import type { StudioHost } from './host.ts';
import { createImagesService } from './images/createImagesService.ts';
import { createJobsService } from './jobs/createJobsService.ts';
import { createJobKinds } from './jobs/kinds/createJobKinds.ts';
import { trackUse } from './jobs/trackUse.ts';
import { createMonitoringService } from './monitoring/createMonitoringService.ts';
import { createPlansService } from './plans/createPlansService.ts';
import { createProjectsService } from './projects.ts';
import { createRouter } from './router.ts';
import type { StudioServices } from './StudioServices.ts';
import type { Sessions } from './session.ts';
import { createSessions } from './sessions.ts';
import { createSnapshotsService } from './snapshots.ts';
import { createStoryService } from './storyService.ts';
import { createTasksService } from './tasks/createTasksService.ts';
import { createShowPictures } from './tasks/shownPictures.ts';
import { createWarmUp } from './warmUp/createWarmUp.ts';
import { createWork } from './work/createWork.ts';

/** What a host gives to the studio. */
export interface StudioOptions {
  readonly host: StudioHost;
  readonly settings: SettingsFile;
  readonly userDataFolder: string;
  /** Holds the sample story in each language. */
  readonly samplesFolder: string;
  readonly engine: ServiceProcess<EngineContract>;
  readonly imaging: ServiceProcess<ImagingContract>;
  /** Tries the devices of this machine; missing where the host cannot. */
  readonly probeDevices?: () => Promise<DeviceVerdict[]>;
}

export interface Studio {
  readonly router: ReturnType<typeof createRouter>;
  readonly sessions: Sessions;
  readonly services: StudioServices;
  /** Lets pages send and save what was typed last; gives up after two seconds. */
  savePages(): Promise<void>;
  /** Lets pages send and save what was typed last, saves and closes every open story; then nothing may be called any more. */
  dispose(): Promise<void>;
}

/** Puts the studio together, for any host. */
export function createStudio(options: StudioOptions): Studio {
  const { host, settings, userDataFolder, engine, imaging } = options;
  const sessions = createSessions({ userDataFolder });
  const tellHub = ({ modelHub }: Settings) => {
    engine.client.models.fetchFrom({ mirror: modelHub }).catch(() => undefined);
  };
  /** An engine that starts later asks for the settings itself. */
  const tellEngine = (changed: Settings) => {
    if (engine.status.state !== 'ready') return;
    const limits = { budgetBytes: changed.modelMemoryBytes, idleMinutes: changed.modelIdleMinutes };
    engine.client.models.limit(limits).catch(() => undefined);
    tellHub(changed);
  };
  // What was changed while the engine was starting came too late for its start.
  const unfollow = engine.subscribe(({ state }) => {
    if (state === 'ready') tellHub(settings.current);
  });
  const app = createAppService({
    host,
    settings,
    userDataFolder,
    processes: { engine, imaging },
    onSettings: tellEngine,
    probeDevices: options.probeDevices,
  });
  const pages = trackPageSaves(createStoryService({ sessions }), () => app.menu('save'));
  const storiesFolder = () => app.info().storiesFolder;
  const work = createWork(userDataFolder, app.workSetAside);
  const feedback = createFeedbackService({ work });
  const rasters = { imaging: imaging.client, folder: join(userDataFolder, 'rasters') };
  const tasks = createTasksService({
    sessions,
    engine: engine.client,
    routing: feedback.routing,
    rasters,
  });
  const writer = trackUse(tasks);
  const indexPictures = (sessionId: SessionId, signal: AbortSignal) =>
    tasks.indexPictures({ sessionId, pool: null, words: null, scene: null }, signal);
  const services: StudioServices = {
    app,
    projects: createProjectsService({
      sessions,
      userDataFolder,
      samplesFolder: options.samplesFolder,
      defaultStoriesFolder: storiesFolder,
      host,
    }),
    story: pages.story,
    snapshots: createSnapshotsService({ sessions }),
    images: createImagesService({ sessions, imaging: imaging.client, userDataFolder }),
    tasks: writer.service,
    books: createBooksService({ sessions, defaultBooksFolder: storiesFolder }),
    jobs: createJobsService({
      work,
      sessions,
      engine,
      imaging,
      writer,
      kinds: createJobKinds(tasks),
      onDecided: (...decision) => feedback.vote({ votes: votesOfDecision(...decision) }),
    }),
    plans: createPlansService({
      sessions,
      work,
      engine: engine.client,
      routing: feedback.routing,
      show: createShowPictures({ engine: engine.client, routing: feedback.routing, rasters }),
      async describe(sessionId, imageId, signal) {
        const { description } = await tasks.describe({ sessionId, imageId, style: 'detailed' }, signal);
        return description;
      },
    }),
    consistency: createConsistencyService({
      sessions,
      ask: (input, signal) => tasks.ask(input, signal),
      comparer: {
        index: indexPictures,
        compare: (request, signal) => engine.client.inference.compare(request, { signal }),
        routing: (language) => feedback.routing('rank', language, null),
      },
    }),
    feedback,
    warmUp: createWarmUp({
      sessions,
      engine,
      writer,
      settings: () => settings.current,
      machine: { memoryBytes: totalmem(), processors: availableParallelism() },
      routing: feedback.routing,
      indexPictures,
    }),
    monitoring: createMonitoringService({
      engine,
      userDataFolder,
      info: () => app.info(),
      settings: () => settings.current,
    }),
    models: engine.client.models,
  };
  return {
    router: createRouter(services),
    sessions,
    services,
    savePages: pages.savePages,
    async dispose() {
      await pages.savePages();
      await services.jobs.dispose();
      await sessions.closeAll();
      await services.images.dispose();
      services.app.dispose();
      unfollow();
      work.close();
    },
  };
}

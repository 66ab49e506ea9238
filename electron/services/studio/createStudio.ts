import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import type { Contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { type AppService, createAppService } from './app/createAppService.ts';
import type { ServiceProcess } from './app/ServiceProcess.ts';
import type { SettingsFile } from './app/settingsFile.ts';
import type { StudioHost } from './host.ts';
import { createImagesService, type ImagesService } from './images/createImagesService.ts';
import type { ProjectsService } from './projects.ts';
import { createRouter } from './router.ts';
import type { Sessions } from './session.ts';
import { createSessions } from './sessions.ts';
import { createSnapshotsService } from './snapshots.ts';
import type { createStoryService } from './storyService.ts';

type Client = ContractRouterClient<Contract, Record<never, never>>;
type Methods<Namespace> = {
  [Name in keyof Namespace]: Namespace[Name] extends (input: infer Input, ...rest: never[]) => infer Output
    ? (input: Input, signal?: AbortSignal) => Output
    : never;
};

/** What a host gives to the studio. */
export interface StudioOptions {
  readonly host: StudioHost;
  readonly settings: SettingsFile;
  readonly userDataFolder: string;
  /** Holds the sample story in each language. */
  readonly samplesFolder: string;
  readonly engine: ServiceProcess<EngineContract>;
  readonly imaging: ServiceProcess<ImagingContract>;
}

/** Every service, for callers in the same process (the command line). */
export interface StudioServices {
  readonly app: AppService;
  readonly projects: ProjectsService;
  readonly story: ReturnType<typeof createStoryService>;
  readonly snapshots: ReturnType<typeof createSnapshotsService>;
  readonly images: ImagesService;
  readonly tasks: Methods<Client['tasks']>;
  readonly books: Methods<Client['books']>;
  readonly models: ServiceProcess<EngineContract>['client']['models'];
}

export interface Studio {
  readonly router: ReturnType<typeof createRouter>;
  readonly sessions: Sessions;
  readonly services: StudioServices;
  /** Saves and closes every open story; then nothing may be called any more. */
  dispose(): Promise<void>;
}

const unavailable = <Service extends object>(name: string): Service =>
  new Proxy({} as Service, {
    get: (_target, method) => () => {
      throw new AppError('host/unsupported', `${name}.${String(method)} is not available`);
    },
  });

/** Puts the studio together, for any host. */
export function createStudio(options: StudioOptions): Studio {
  const { host, settings, userDataFolder, engine, imaging } = options;
  const sessions = (() => {
    try {
      return createSessions({ userDataFolder });
    } catch {
      return unavailable<Sessions>('sessions');
    }
  })();
  const services: StudioServices = {
    app: createAppService({ host, settings, processes: { engine, imaging } }),
    projects: unavailable('projects'),
    story: unavailable('story'),
    snapshots: createSnapshotsService({ sessions }),
    images: createImagesService({ sessions, imaging: imaging.client, userDataFolder }),
    tasks: unavailable('tasks'),
    books: unavailable('books'),
    models: engine.client.models,
  };
  return {
    router: createRouter(services),
    sessions,
    services,
    async dispose() {
      await sessions.closeAll();
      await services.images.dispose();
      services.app.dispose();
    },
  };
}

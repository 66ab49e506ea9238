import { join } from 'node:path';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import { createClient } from '../../links/connect.ts';
import { toHostArguments } from '../../links/hostPort.ts';
import { childEnvironment } from './childEnvironment.ts';
import { engineDeadline, imagingDeadline } from './deadlines.ts';
import { ProcessLog } from './ProcessLog.ts';
import { Supervisor, type SupervisorOptions } from './Supervisor.ts';
import type { SpawnedProcess, SpawnOptions } from './spawn.ts';

export interface ProcessesOptions {
  readonly userDataFolder: string;
  /** Models that came with the application; empty without any. */
  readonly builtInModelsFolder: string;
  /** Asked at every start of the engine. */
  readonly modelMemoryBytes: () => number;
  /** Asked at every start of the engine; the usual time where it is missing. */
  readonly modelIdleMinutes?: () => number;
  /** The entry files, as absolute paths. */
  readonly entries: Readonly<Record<'engine' | 'imaging', string>>;
  readonly spawn: (options: SpawnOptions) => SpawnedProcess;
}

type ClientOf<Contract extends AnyContractRouter> = ContractRouterClient<Contract, Record<never, never>>;

const withClient = <Contract extends AnyContractRouter>(supervisor: Supervisor) => ({
  client: createClient<Contract>(supervisor.link) as ClientOf<Contract>,
  get status() {
    return supervisor.status;
  },
  subscribe: supervisor.subscribe.bind(supervisor),
  restart: () => supervisor.restart(),
  start: () => supervisor.start(),
});

/** The engine and the imaging process, supervised. Nothing runs before `start` or the first call. */
export function createProcesses(options: ProcessesOptions) {
  const { userDataFolder, builtInModelsFolder } = options;
  const supervise = (rest: Pick<SupervisorOptions, 'name' | 'deadlineOf' | 'timeoutCode'>): Supervisor => {
    const log = new ProcessLog(join(userDataFolder, 'logs', `${rest.name}.log`));
    return new Supervisor({
      ...rest,
      spawn: () =>
        options.spawn({
          entry: options.entries[rest.name],
          args: toHostArguments({
            dataFolder: userDataFolder,
            builtInModelsFolder,
            modelMemoryBytes: options.modelMemoryBytes(),
            modelIdleMinutes: options.modelIdleMinutes?.() ?? 0,
          }),
          env: childEnvironment(process.env, process.platform),
          onOutput: (chunk) => log.write(chunk),
        }),
    });
  };
  const engine = supervise({ name: 'engine', deadlineOf: engineDeadline, timeoutCode: 'engine/timeout' });
  const imaging = supervise({ name: 'imaging', deadlineOf: imagingDeadline, timeoutCode: 'image/timeout' });
  return {
    engine: withClient<EngineContract>(engine),
    imaging: withClient<ImagingContract>(imaging),
    dispose: () => {
      engine.dispose();
      imaging.dispose();
    },
  };
}

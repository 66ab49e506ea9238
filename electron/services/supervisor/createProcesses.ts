import { join } from 'node:path';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { Device, DeviceVerdict } from '#shared/models/devices.ts';
import { createClient } from '../../links/connect.ts';
import { toHostArguments } from '../../links/hostPort.ts';
import { childEnvironment } from './childEnvironment.ts';
import { engineDeadline, imagingDeadline } from './deadlines.ts';
import { ProcessLog } from './ProcessLog.ts';
import { probeDevices, rememberDevices } from './probeDevices.ts';
import { engineJobKey } from './Quarantine.ts';
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
  /** Asked at every start of the engine; the official hub where it is missing. */
  readonly modelHub?: () => string;
  /** The entry files, as absolute paths. */
  readonly entries: Readonly<Record<'engine' | 'imaging', string>>;
  /** The entry file that tries one device; without it no device is tried. */
  readonly deviceProbe?: string;
  readonly spawn: (options: SpawnOptions) => SpawnedProcess;
}

type ClientOf<Contract extends AnyContractRouter> = ContractRouterClient<Contract, Record<never, never>>;

const withClient = <Contract extends AnyContractRouter>(supervisor: Supervisor) => ({
  client: createClient<Contract>(supervisor.link) as ClientOf<Contract>,
  get status() {
    return supervisor.status;
  },
  get pid() {
    return supervisor.pid;
  },
  subscribe: supervisor.subscribe.bind(supervisor),
  restart: () => supervisor.restart(),
  start: () => supervisor.start(),
});

/** The engine and the imaging process, supervised. Nothing runs before `start` or the first call. */
export function createProcesses(options: ProcessesOptions) {
  const { userDataFolder, builtInModelsFolder } = options;
  const supervise = (
    rest: Pick<SupervisorOptions, 'name' | 'deadlineOf' | 'timeoutCode' | 'jobKeyOf' | 'memory'>,
  ): Supervisor => {
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
            modelHub: options.modelHub?.() ?? '',
          }),
          env: childEnvironment(process.env, process.platform),
          onOutput: (chunk) => log.write(chunk),
        }),
    });
  };
  const engine = supervise({
    name: 'engine',
    deadlineOf: engineDeadline,
    timeoutCode: 'engine/timeout',
    jobKeyOf: engineJobKey,
    memory: { budgetBytes: options.modelMemoryBytes },
  });
  const imaging = supervise({ name: 'imaging', deadlineOf: imagingDeadline, timeoutCode: 'image/timeout' });
  const engineProcess = withClient<EngineContract>(engine);
  const probe = async (): Promise<DeviceVerdict[]> => {
    const entry = options.deviceProbe;
    if (entry === undefined) throw new AppError('host/unsupported', 'Devices are not tried here');
    const log = new ProcessLog(join(userDataFolder, 'logs', 'devices.log'));
    const spawn = (device: Device) =>
      options.spawn({
        entry,
        args: [device],
        env: childEnvironment(process.env, process.platform),
        onOutput: (chunk) => log.write(chunk),
      });
    const probed = await probeDevices({ spawn });
    await rememberDevices(join(userDataFolder, 'devices.json'), probed);
    if (engine.status.state === 'ready') await engineProcess.client.models.devices().catch(() => []);
    return [...probed.verdicts];
  };
  let probing: Promise<DeviceVerdict[]> | null = null;
  /** One probe at a time serves all who ask. */
  const probeOnce = () => {
    probing ??= probe().finally(() => {
      probing = null;
    });
    return probing;
  };
  if (options.deviceProbe !== undefined) {
    const stop = engine.subscribe(({ state }) => {
      if (state !== 'ready') return;
      stop();
      engineProcess.client.models
        .devices()
        .then((known) => (known.length === 0 ? probeOnce() : known))
        .catch(() => undefined);
    });
  }
  return {
    engine: engineProcess,
    imaging: withClient<ImagingContract>(imaging),
    probeDevices: probeOnce,
    dispose: () => {
      engine.dispose();
      imaging.dispose();
    },
  };
}

import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import type { EngineContract } from '#shared/contract/engine.ts';
import type { HostInfo } from '#shared/contract/studio.ts';
import type { MetricsRange } from '#shared/models/metrics.ts';
import type { Settings } from '#shared/settings.ts';
import { readLogTail, withoutHome } from '../app/engineLog.ts';
import type { ServiceProcess } from '../app/ServiceProcess.ts';
import { diskError } from '../disk/diskError.ts';
import { bugReport } from './bugReport.ts';

export interface MonitoringOptions {
  readonly engine: Pick<ServiceProcess<EngineContract>, 'client' | 'status'>;
  readonly userDataFolder: string;
  readonly info: () => HostInfo;
  readonly settings: () => Settings;
}

/** The `monitoring` namespace: the engine's own figures, and a file that tells them all. */
export function createMonitoringService({ engine, userDataFolder, info, settings }: MonitoringOptions) {
  const client = (): ContractRouterClient<EngineContract, Record<never, never>> => engine.client;
  /** A report is wanted most when the engine is down. */
  const ifUp = <Result>(ask: () => Promise<Result>): Promise<Result | null> =>
    engine.status.state === 'ready' ? ask().catch(() => null) : Promise.resolve(null);

  return {
    summary: (range: MetricsRange, signal?: AbortSignal) =>
      client().metrics.summary({ range }, signal ? { signal } : {}),
    series: (range: MetricsRange, signal?: AbortSignal) =>
      client().metrics.series({ range }, signal ? { signal } : {}),
    cache: (signal?: AbortSignal) => client().cache.summary(undefined, signal ? { signal } : {}),
    clearCache: () => client().cache.clear(),

    /** Writes the report, and says where. Errors: disk/*. */
    async report(): Promise<{ path: string }> {
      const { version, host, platform } = info();
      const at = new Date().toISOString();
      const report = bugReport({
        at,
        version,
        host,
        platform,
        versions: process.versions,
        memoryBytes: totalmem(),
        processors: availableParallelism(),
        settings: settings(),
        devices: await ifUp(() => client().models.devices()),
        models: await ifUp(() => client().models.list()),
        figures: await ifUp(() => client().metrics.export()),
        engineLog: await readLogTail(join(userDataFolder, 'logs', 'engine.log')),
      });
      const folder = join(userDataFolder, 'reports');
      const path = join(folder, `storyloom-report-${at.replaceAll(/[:.]/g, '-')}.json`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(path, withoutHome(`${JSON.stringify(report, null, 2)}\n`));
      } catch (thrown) {
        throw diskError(thrown, path);
      }
      return { path };
    },
  };
}

export type MonitoringService = ReturnType<typeof createMonitoringService>;

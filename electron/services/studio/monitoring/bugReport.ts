import type { DeviceVerdict } from '#shared/models/devices.ts';
import type { MetricsExport } from '#shared/models/metrics.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Settings } from '#shared/settings.ts';

export interface ReportFacts {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
  readonly host: 'desktop' | 'browser';
  readonly platform: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly memoryBytes: number;
  readonly processors: number;
  readonly settings: Settings;
  readonly devices: readonly DeviceVerdict[] | null;
  readonly models: readonly ModelEntry[] | null;
  readonly figures: MetricsExport | null;
  readonly engineLog: readonly string[];
}

const isOpenlyNamed = ({ manifest }: ModelEntry): boolean => manifest.source.kind !== 'folder';

/**
 * What a bug report tells, as plain data. Of the settings it tells whether an address or a folder was set, not which;
 * models of the writer's own folders are counted, not named.
 */
export function bugReport(facts: ReportFacts) {
  const { settings, models, versions } = facts;
  const { node, electron, chrome } = versions;
  return {
    ...facts,
    versions: { node, electron, chrome },
    settings: {
      ...settings,
      modelHub: settings.modelHub === '' ? '' : 'set',
      storiesFolder: settings.storiesFolder === '' ? '' : 'set',
    },
    models:
      models
        ?.filter((entry) => entry.status.state !== 'absent' && isOpenlyNamed(entry))
        .map(({ manifest: { id, revision }, status, suggested }) => ({
          id,
          revision,
          suggested,
          state: status.state,
          ...(status.state === 'loaded' ? { precision: status.precision, device: status.device } : {}),
          ...(status.state === 'failed' ? { code: status.code } : {}),
        })) ?? null,
    ownModels: models?.filter((entry) => !isOpenlyNamed(entry)).length ?? null,
  };
}

import { join } from 'node:path';
import type { AppEvent, HostInfo, MenuAction } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { DeviceVerdict } from '#shared/models/devices.ts';
import type { Settings } from '#shared/settings.ts';
import type { StudioHost } from '../host.ts';
import { Broadcast } from './Broadcast.ts';
import { readLogTail } from './engineLog.ts';
import { createHubTokenStore } from './hubToken.ts';
import type { SettingsChange, SettingsFile } from './settingsFile.ts';

/** A process as far as the application needs to watch it. */
interface WatchedProcess {
  readonly status: {
    readonly state: 'starting' | 'ready' | 'restarting' | 'stopped';
    readonly reason: string;
  };
  subscribe(listener: (status: WatchedProcess['status']) => void): () => void;
  restart(): void;
}

export interface AppServiceOptions {
  readonly host: StudioHost;
  readonly settings: SettingsFile;
  readonly userDataFolder: string;
  readonly processes: Readonly<Record<'engine' | 'imaging', WatchedProcess>>;
  /** Tries the devices of this machine; missing where the host cannot. */
  readonly probeDevices?: (() => Promise<DeviceVerdict[]>) | undefined;
  /** Told of settings that changed. */
  readonly onSettings?: (settings: Settings) => void;
}

/** The `app` namespace of the contract, and the way in for the native menu. */
export interface AppService {
  info(): HostInfo;
  watch(signal?: AbortSignal): AsyncGenerator<AppEvent>;
  settings(): Settings;
  updateSettings(change: SettingsChange): Promise<Settings>;
  hubToken(): Promise<{ isThere: boolean }>;
  setHubToken(input: { token: string | null }): Promise<void>;
  chooseFile(input: { purpose: 'import-pack' | 'export-pack'; name: string }): Promise<string | null>;
  probeDevices(): Promise<DeviceVerdict[]>;
  engineLog(): Promise<string[]>;
  restart(input: { process: 'engine' | 'imaging' }): void;
  openLink(input: { url: string }): Promise<void>;
  /** Sends a menu's action to every window. */
  menu(action: MenuAction): void;
  /** Tells that what was remembered could not be read: the file's new name. */
  workSetAside(file: string): void;
  dispose(): void;
}

const linkSchemes = new Set(['https:', 'mailto:']);

/** A link that may leave the application. Errors: input/invalid. */
export function parseLink(text: string): URL {
  const url = URL.parse(text);
  if (!url || !linkSchemes.has(url.protocol) || url.username || url.password || text.length > 2048) {
    throw new AppError('input/invalid', 'Only https and mailto links are opened', {
      details: { url: text.slice(0, 200) },
    });
  }
  return url;
}

export function createAppService({
  host,
  settings,
  userDataFolder,
  processes,
  onSettings,
  probeDevices,
}: AppServiceOptions): AppService {
  const events = new Broadcast<AppEvent>();
  /** Also for windows that open later. */
  let setAside: AppEvent | null = null;
  const tokens = createHubTokenStore(userDataFolder);
  const names = ['engine', 'imaging'] as const;
  const unsubscribe = names.map((type) =>
    processes[type].subscribe(({ state, reason }) => events.publish({ type, state, reason })),
  );
  return {
    info: () => {
      const info = host.info();
      return { ...info, storiesFolder: settings.current.storiesFolder || info.storiesFolder };
    },
    watch: (signal) =>
      events.follow(
        [
          ...names.map((type) => ({ type, ...processes[type].status })),
          { type: 'settings', settings: settings.current },
          ...(setAside ? [setAside] : []),
        ],
        signal,
      ),
    settings: () => settings.current,
    async updateSettings(change) {
      const updated = await settings.update(change);
      events.publish({ type: 'settings', settings: updated });
      onSettings?.(updated);
      return updated;
    },
    hubToken: async () => ({ isThere: await tokens.isThere() }),
    setHubToken: ({ token }) => tokens.keep(token),
    chooseFile: async ({ purpose, name }) => host.chooseFile(purpose, name),
    probeDevices: async () => {
      if (!probeDevices) throw new AppError('host/unsupported', 'Devices are not tried here');
      return probeDevices();
    },
    engineLog: () => readLogTail(join(userDataFolder, 'logs', 'engine.log')),
    restart: ({ process }) => processes[process].restart(),
    openLink: async ({ url }) => host.openLink(parseLink(url)),
    menu: (action) => events.publish({ type: 'menu', action }),
    workSetAside(file) {
      setAside = { type: 'work-set-aside', file };
      events.publish(setAside);
    },
    dispose: () => {
      for (const end of unsubscribe) end();
    },
  };
}

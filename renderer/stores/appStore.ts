import { t } from 'i18next';
import type { z } from 'zod';
import { create } from 'zustand';
import type { AppEvent, HostInfo, MenuAction, ProcessState } from '#shared/contract/studio.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client, reconnect } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { tell } from './notices.ts';
import { takeSettings } from './settingsStore.ts';

interface ProcessStatus {
  readonly state: z.infer<typeof ProcessState>;
  readonly reason: string;
}

/** A dialog over whichever screen is open. */
export type OpenDialog =
  | { readonly kind: 'settings' }
  | { readonly kind: 'models' }
  | { readonly kind: 'monitoring' }
  | { readonly kind: 'preferences' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'export' }
  | { readonly kind: 'snapshots' }
  | { readonly kind: 'find' }
  | { readonly kind: 'illustrate' }
  | { readonly kind: 'similar'; readonly imageId: ImageId }
  | { readonly kind: 'activity' }
  | { readonly kind: 'describe-pictures' }
  | { readonly kind: 'story' }
  | { readonly kind: 'talk' }
  | { readonly kind: 'titles' }
  | { readonly kind: 'propose-characters' }
  | { readonly kind: 'templates' }
  | { readonly kind: 'plan' }
  | { readonly kind: 'consistency' };

export interface AppState {
  readonly info: HostInfo | null;
  readonly engine: ProcessStatus;
  readonly imaging: ProcessStatus;
  readonly models: readonly ModelEntry[];
  readonly dialog: OpenDialog | null;
}

export const useApp = create<AppState>(() => ({
  info: null,
  engine: { state: 'starting', reason: '' },
  imaging: { state: 'starting', reason: '' },
  models: [],
  dialog: null,
}));

export const openDialog = (kind: Exclude<OpenDialog['kind'], 'similar'>): void =>
  useApp.setState({ dialog: { kind } });
export const openSimilar = (imageId: ImageId): void =>
  useApp.setState({ dialog: { kind: 'similar', imageId } });
export const closeDialog = (): void => useApp.setState({ dialog: null });

type MenuListener = (action: MenuAction) => void;
const menuListeners = new Set<MenuListener>();

/** Calls `listener` for every menu action until the returned function is called. */
export function onMenuAction(listener: MenuListener): () => void {
  menuListeners.add(listener);
  return () => menuListeners.delete(listener);
}

/** Carries out a menu action as if the native menu had asked for it; shortcuts of the page come here too. */
export const runMenuAction = (action: MenuAction): void => {
  for (const listener of menuListeners) listener(action);
};

/** Files that the writer was told of in this window; a reconnection tells of them again. */
const toldSetAside = new Set<string>();

function hear(event: AppEvent): void {
  switch (event.type) {
    case 'engine':
      useApp.setState({ engine: { state: event.state, reason: event.reason } });
      return;
    case 'imaging':
      useApp.setState({ imaging: { state: event.state, reason: event.reason } });
      return;
    case 'settings':
      takeSettings(event.settings);
      return;
    case 'work-set-aside':
      if (!toldSetAside.has(event.file)) tell(t('app.workSetAside', { file: event.file }));
      toldSetAside.add(event.file);
      return;
    case 'menu':
      runMenuAction(event.action);
      return;
  }
}

async function watchApp(): Promise<void> {
  for await (const event of await client.app.watch()) hear(event);
}

const modelsRetryMs = 2_000;
/** Asking for the models starts their process, which may wait until a story is on the desk. */
const modelsAfterMs = 2_000;
async function watchModels(connection: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, modelsAfterMs));
  while (useConnection.getState().opened === connection && useConnection.getState().state === 'open') {
    try {
      for await (const models of await client.models.watch()) useApp.setState({ models });
    } catch {
      // The engine is starting or was restarted; its state is shown elsewhere.
    }
    await new Promise((resolve) => setTimeout(resolve, modelsRetryMs));
  }
}

async function subscribe(connection: number): Promise<void> {
  const [info, settings] = await Promise.all([client.app.info(), client.app.settings()]);
  useApp.setState({ info });
  takeSettings(settings);
  void watchModels(connection);
  await watchApp();
}

/** Learns about the host and follows it, again after every reconnection. Call once. */
export function followHost(): void {
  const start = () => {
    subscribe(useConnection.getState().opened).catch(() => undefined);
  };
  useConnection.subscribe((now, before) => {
    if (now.opened > before.opened) start();
  });
  reconnect();
}

import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId, ModelManifest, ModelVariant, Precision } from '#shared/models/manifest.ts';
import type { ModelState, Obstacle } from '#shared/models/modelState.ts';
import type { MultimodalModel } from '../adapters/adapter.ts';
import type { InstallProgress } from './TransferSpeed.ts';

/** A model in memory. */
export interface Loaded {
  readonly model: MultimodalModel;
  /** May become a smaller one where memory runs out. */
  variant: ModelVariant;
  leases: number;
  lastUsed: number;
  tokensPerSecond: number | null;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** A load on its way, shared by all who wait for it. */
export interface Loading {
  readonly variant: ModelVariant;
  readonly done: Promise<Loaded>;
}

export interface Installation {
  readonly precision: Precision;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  watchers: number;
  progress: InstallProgress;
}

/** One model of this machine and what is being done with it. */
export interface Slot {
  readonly manifest: ModelManifest;
  readonly obstacle: Obstacle | null;
  /** Where its files are; `null` while it is not installed. */
  folder: string | null;
  /** Precisions whose files are there. */
  installed: readonly Precision[];
  loading: Loading | null;
  loaded: Loaded | null;
  /** Callers who wait for the load: the model is as good as leased to them. */
  waiting: number;
  pinned: boolean;
  installing: Installation | null;
  failure: AppError | null;
  /** What is wrong with files that are there and do not make an installed model: installing it again repairs it. */
  damage: AppError | null;
}

export const createSlot = (manifest: ModelManifest, obstacle: Obstacle | null): Slot => ({
  manifest,
  obstacle,
  folder: null,
  installed: [],
  loading: null,
  loaded: null,
  waiting: 0,
  pinned: false,
  installing: null,
  failure: null,
  damage: null,
});

export const isUsed = (slot: Slot, loaded: Loaded): boolean => loaded.leases > 0 || slot.waiting > 0;

/** Whether anything happens with a model that a change of its manifest would disturb. */
export const isBusy = (slot: Slot): boolean =>
  slot.loaded !== null || slot.loading !== null || slot.installing !== null;

export const inUse = (id: ModelId): AppError =>
  new AppError('model/in-use', `${id} is being used`, { details: { modelId: id } });

/** What a window is told; `cpuReason` is why models run on the processor here that have no reason of their own. */
export function stateOf(slot: Slot, cpuReason: string): ModelState {
  const { installing, loaded, loading, folder, pinned, obstacle } = slot;
  if (installing) return { state: 'installing', precision: installing.precision, ...installing.progress };
  if (loaded) {
    const { residentBytes, placement } = loaded.model;
    const { device, reason } = placement;
    return {
      state: 'loaded',
      precision: loaded.variant.precision,
      residentBytes,
      device,
      cpuReason: device === 'cpu' ? reason || cpuReason : '',
      pinned,
      tokensPerSecond: loaded.tokensPerSecond,
    };
  }
  if (loading) return { state: 'loading', precision: loading.variant.precision };
  const failure = slot.failure ?? slot.damage;
  if (failure) {
    const { code, message } = failure;
    return { state: 'failed', code, message, installed: folder !== null };
  }
  return folder === null ? { state: 'absent', obstacle } : { state: 'installed' };
}

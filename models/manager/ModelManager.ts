import { AppError } from '#shared/errors/AppError.ts';
import type { Capability } from '#shared/models/capability.ts';
import type {
  ModelFamily,
  ModelId,
  ModelManifest,
  ModelVariant,
  Precision,
} from '#shared/models/manifest.ts';
import type { ModelEntry, ModelState, Obstacle } from '#shared/models/modelState.ts';
import type { ModelAdapter, MultimodalModel } from '../adapters/adapter.ts';
import { Changes } from './Changes.ts';
import { fitVerdict, type Machine, suggestVariant } from './fitVerdict.ts';
import type { InstallProgress, ModelStore } from './ModelStore.ts';
import { freeMemoryBytes, largestAllocationBytes } from './machineMemory.ts';
import { obstacleOf } from './obstacleOf.ts';

/** Keeps a model in memory while somebody uses it. */
export interface Lease extends Disposable {
  readonly manifest: ModelManifest;
  readonly model: MultimodalModel;
}

export interface ModelManagerOptions {
  readonly catalog: readonly ModelManifest[];
  readonly adapters: ReadonlyMap<ModelFamily, ModelAdapter>;
  readonly store: Pick<ModelStore, 'find' | 'install' | 'remove' | 'sweep'>;
  /** Bytes that loaded models may take together. */
  readonly budgetBytes: number;
  /** Memory that can be had now; asked again whenever it matters. */
  readonly freeBytes?: () => number;
  /** How long an unused model stays in memory. */
  readonly idleMs?: number;
}

interface Loaded {
  readonly model: MultimodalModel;
  readonly variant: ModelVariant;
  leases: number;
  lastUsed: number;
  idleTimer?: NodeJS.Timeout | undefined;
}

interface Slot {
  readonly manifest: ModelManifest;
  readonly obstacle: Obstacle | null;
  variant: ModelVariant;
  folder: string | null;
  loading: Promise<Loaded> | null;
  loaded: Loaded | null;
  /** Callers who wait for the load: the model is as good as leased to them. */
  waiting: number;
  pinned: boolean;
  installing: Installation | null;
  failure: AppError | null;
}

interface Installation {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  watchers: number;
  progress: InstallProgress;
}

const startOfInstall: InstallProgress = {
  phase: 'download',
  progress: 0,
  receivedBytes: 0,
  totalBytes: null,
  bytesPerSecond: null,
  remainingSeconds: null,
};

const defaultIdleMs = 10 * 60_000;

/**
 * The models of this machine: what there is, what is installed, what is in memory. One load serves all who wait for it;
 * the least recently used models give way when the budget is full, never one that is leased or pinned.
 */
export class ModelManager implements AsyncDisposable {
  readonly #slots: ReadonlyMap<ModelId, Slot>;
  readonly #options: ModelManagerOptions;
  readonly #changes = new Changes();
  #clock = 0;

  private constructor(options: ModelManagerOptions) {
    this.#options = options;
    this.#slots = new Map(
      options.catalog.map((manifest) => [
        manifest.id,
        {
          manifest,
          obstacle: obstacleOf(manifest, options.adapters),
          variant: variantOf(manifest, suggestVariant(manifest.variants, this.#machine())),
          folder: null,
          loading: null,
          loaded: null,
          waiting: 0,
          pinned: false,
          installing: null,
          failure: null,
        },
      ]),
    );
  }

  /** Looks up what is installed and clears away what broken installations left behind. */
  static async open(options: ModelManagerOptions): Promise<ModelManager> {
    const manager = new ModelManager(options);
    await options.store.sweep();
    for (const slot of manager.#slots.values()) slot.folder = await options.store.find(slot.manifest);
    return manager;
  }

  list(): ModelEntry[] {
    return Array.from(this.#slots.values(), (slot) => this.#entryOf(slot));
  }

  /** The whole list now and after every change. */
  async *watch(signal?: AbortSignal): AsyncGenerator<ModelEntry[]> {
    for await (const _ of this.#changes.watch(signal)) yield this.list();
  }

  /** Models with a capability, installed or not. */
  withCapability(capability: Capability): ModelEntry[] {
    return this.list().filter(({ manifest }) => manifest.capabilities[capability]);
  }

  /** Keeps a model in memory until the lease is disposed. A caller who gives up does not stop the load for the others. */
  async acquire(id: ModelId, signal: AbortSignal): Promise<Lease> {
    const slot = this.#slot(id);
    signal.throwIfAborted();
    slot.waiting += 1;
    let loaded: Loaded;
    try {
      loaded = await orAborted(this.#load(slot), signal);
      loaded.leases += 1;
    } finally {
      slot.waiting -= 1;
    }
    loaded.lastUsed = ++this.#clock;
    clearTimeout(loaded.idleTimer);
    let held = true;
    return {
      manifest: slot.manifest,
      model: loaded.model,
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        loaded.leases -= 1;
        this.#restWhenIdle(slot, loaded);
      },
    };
  }

  /** Brings a model into memory ahead of its use. */
  async load(id: ModelId, signal: AbortSignal): Promise<void> {
    (await this.acquire(id, signal))[Symbol.dispose]();
  }

  /** Errors: model/in-use. */
  async unload(id: ModelId): Promise<void> {
    const slot = this.#slot(id);
    await slot.loading?.catch(() => undefined);
    if (!slot.loaded) return;
    if (isUsed(slot, slot.loaded)) throw inUse(id);
    await this.#release(slot, slot.loaded);
  }

  /** A pinned model stays in memory until it is unpinned or unloaded. */
  pin(id: ModelId, pinned: boolean): void {
    const slot = this.#slot(id);
    slot.pinned = pinned;
    if (slot.loaded) this.#restWhenIdle(slot, slot.loaded);
    this.#changes.notify();
  }

  /** Follows an installation, shared by all who ask; it is cancelled when nobody follows it any more. */
  async *install(id: ModelId, signal: AbortSignal): AsyncGenerator<ModelEntry> {
    const slot = this.#slot(id);
    if (slot.folder === null) {
      const installation = slot.installing ?? this.#startInstall(slot);
      slot.installing = installation;
      installation.watchers += 1;
      try {
        for await (const _ of this.#changes.watch(signal)) {
          if (slot.installing !== installation) break;
          yield this.#entryOf(slot);
        }
        signal.throwIfAborted();
        await installation.done;
      } finally {
        installation.watchers -= 1;
        if (installation.watchers === 0) installation.abort.abort();
      }
    }
    yield this.#entryOf(slot);
  }

  /** Errors: model/in-use, disk/*. */
  async uninstall(id: ModelId): Promise<void> {
    const slot = this.#slot(id);
    if (slot.installing) throw inUse(id);
    await this.unload(id);
    if (slot.folder === null) return;
    await this.#options.store.remove(id);
    slot.folder = await this.#options.store.find(slot.manifest);
    slot.failure = null;
    this.#changes.notify();
  }

  /** Gives all memory back. Leased models are released when their leases end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const slot of this.#slots.values()) {
      slot.installing?.abort.abort();
      slot.pinned = false;
      if (slot.loaded?.leases === 0) await this.#release(slot, slot.loaded);
    }
  }

  #machine(): Machine {
    const { budgetBytes, freeBytes = freeMemoryBytes } = this.#options;
    return { budgetBytes, freeBytes: freeBytes(), largestAllocationBytes: largestAllocationBytes() };
  }

  #entryOf(slot: Slot): ModelEntry {
    const { manifest } = slot;
    const machine = this.#machine();
    return {
      manifest,
      status: stateOf(slot),
      variants: manifest.variants.map((variant) => ({
        precision: variant.precision,
        installed: slot.folder !== null && variant.precision === slot.variant.precision,
        fit: fitVerdict(variant, machine),
      })),
      suggested: suggestVariant(manifest.variants, machine),
    };
  }

  #slot(id: ModelId): Slot {
    const slot = this.#slots.get(id);
    if (!slot) throw new AppError('model/unknown', `No model ${id}`, { details: { modelId: id } });
    return slot;
  }

  #load(slot: Slot): Promise<Loaded> {
    if (slot.loaded) return Promise.resolve(slot.loaded);
    if (slot.loading) return slot.loading;
    const loading = this.#bringIn(slot);
    slot.loading = loading;
    slot.failure = null;
    this.#changes.notify();
    loading
      .then(
        (loaded) => {
          slot.loaded = loaded;
        },
        (error: unknown) => {
          slot.failure = AppError.from(error);
        },
      )
      .finally(() => {
        slot.loading = null;
        this.#changes.notify();
      });
    return loading;
  }

  async #bringIn(slot: Slot): Promise<Loaded> {
    const { manifest, variant, folder } = slot;
    const adapter = this.#options.adapters.get(manifest.family);
    const details = { modelId: manifest.id };
    if (folder === null || !adapter) {
      throw new AppError('model/not-installed', `${manifest.id} is not installed`, { details });
    }
    await this.#makeRoom(manifest, variant.memoryBytes);
    try {
      const model = await adapter.load({ manifest, variant, folder });
      const loaded: Loaded = { model, variant, leases: 0, lastUsed: ++this.#clock };
      this.#restWhenIdle(slot, loaded);
      return loaded;
    } catch (error) {
      throw error instanceof AppError
        ? error
        : new AppError('model/load-failed', AppError.from(error).message, { details, cause: error });
    }
  }

  /** Releases idle models, the one used longest ago first, until `manifest` fits. Errors: model/out-of-memory. */
  async #makeRoom(manifest: ModelManifest, neededBytes: number): Promise<void> {
    const { budgetBytes } = this.#options;
    for (;;) {
      const others = Array.from(this.#slots.values()).filter((slot) => slot.manifest !== manifest);
      const taken = others.reduce(
        (sum, { loaded, loading, variant }) =>
          sum + (loaded?.model.residentBytes ?? (loading ? variant.memoryBytes : 0)),
        0,
      );
      if (taken + neededBytes <= budgetBytes) return;
      const [oldest] = others
        .flatMap((slot) => (slot.loaded ? [{ slot, loaded: slot.loaded }] : []))
        .filter(({ slot, loaded }) => !isUsed(slot, loaded) && !slot.pinned)
        .sort((a, b) => a.loaded.lastUsed - b.loaded.lastUsed);
      if (!oldest) {
        throw new AppError('model/out-of-memory', `${manifest.id} does not fit`, {
          details: {
            modelId: manifest.id,
            neededBytes,
            takenBytes: taken,
            budgetBytes,
          },
        });
      }
      await this.#release(oldest.slot, oldest.loaded);
    }
  }

  #restWhenIdle(slot: Slot, loaded: Loaded): void {
    clearTimeout(loaded.idleTimer);
    if (loaded.leases > 0 || slot.pinned) return;
    loaded.idleTimer = setTimeout(() => {
      if (slot.loaded === loaded && !isUsed(slot, loaded) && !slot.pinned) void this.#release(slot, loaded);
    }, this.#options.idleMs ?? defaultIdleMs);
    loaded.idleTimer.unref();
  }

  async #release(slot: Slot, loaded: Loaded): Promise<void> {
    clearTimeout(loaded.idleTimer);
    if (slot.loaded !== loaded) return;
    slot.loaded = null;
    this.#changes.notify();
    await loaded.model[Symbol.asyncDispose]();
  }

  #startInstall(slot: Slot): Installation {
    const abort = new AbortController();
    const onProgress = (progress: InstallProgress) => {
      installation.progress = progress;
      this.#changes.notify();
    };
    const run = async () => {
      try {
        await this.#options.store.install(slot.manifest, onProgress, abort.signal);
        slot.folder = await this.#options.store.find(slot.manifest);
        slot.failure = null;
      } catch (error) {
        slot.failure = abort.signal.aborted ? null : AppError.from(error);
        throw error;
      } finally {
        slot.installing = null;
        this.#changes.notify();
      }
    };
    const done = Promise.resolve().then(run);
    done.catch(() => undefined);
    const installation: Installation = {
      abort,
      done,
      watchers: 0,
      progress: startOfInstall,
    };
    return installation;
  }
}

function variantOf(manifest: ModelManifest, precision: Precision): ModelVariant {
  const variant = manifest.variants.find((one) => one.precision === precision);
  if (!variant) throw new AppError('model/unknown', `${manifest.id} has no ${precision} variant`);
  return variant;
}

function stateOf({
  installing,
  loaded,
  loading,
  failure,
  folder,
  pinned,
  obstacle,
  variant: { precision },
}: Slot): ModelState {
  if (installing) return { state: 'installing', precision, ...installing.progress };
  if (loaded) {
    const { residentBytes, device } = loaded.model;
    return {
      state: 'loaded',
      precision: loaded.variant.precision,
      residentBytes,
      device,
      cpuReason: '',
      pinned,
      tokensPerSecond: null,
    };
  }
  if (loading) return { state: 'loading', precision };
  if (failure) {
    const { code, message } = failure;
    return { state: 'failed', code, message, installed: folder !== null };
  }
  return folder === null ? { state: 'absent', obstacle } : { state: 'installed' };
}

const isUsed = (slot: Slot, loaded: Loaded): boolean => loaded.leases > 0 || slot.waiting > 0;

const inUse = (id: ModelId): AppError =>
  new AppError('model/in-use', `${id} is being used`, { details: { modelId: id } });

/** Waits, but not longer than until the abort; the work itself goes on. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

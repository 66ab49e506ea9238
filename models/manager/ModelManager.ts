import { AppError } from '#shared/errors/AppError.ts';
import type { Capability } from '#shared/models/capability.ts';
import type { Device } from '#shared/models/devices.ts';
import type { HeldMemory } from '#shared/models/heldMemory.ts';
import type { ModelFamily, ModelId, ModelManifest, Precision } from '#shared/models/manifest.ts';
import type { ModelEntry, PackEvent } from '#shared/models/modelState.ts';
import type { ModelAdapter, MultimodalModel } from '../adapters/adapter.ts';
import { Changes } from './Changes.ts';
import { fitVerdict, suggestVariant } from './fitVerdict.ts';
import { followPack } from './followPack.ts';
import { type FoundModel, manifestOf } from './foundModel.ts';
import { startInstallation } from './installation.ts';
import type { ModelStore } from './ModelStore.ts';
import { obstacleOf } from './obstacleOf.ts';
import { orAborted } from './orAborted.ts';
import type { PackOptions } from './packs.ts';
import { type LoadWish, Residents } from './Residents.ts';
import { checkFamily, checkPath, namedIn } from './registration.ts';
import { createSlot, type Installation, inUse, isBusy, isUsed, type Slot, stateOf } from './Slot.ts';
import { variantOf } from './variantOf.ts';

/** Keeps a model in memory while somebody uses it. */
export interface Lease extends Disposable {
  readonly manifest: ModelManifest;
  readonly model: MultimodalModel;
  /** Tells how fast it wrote, for whoever looks at the list. */
  noteSpeed(tokensPerSecond: number): void;
}

export interface ModelManagerOptions {
  readonly catalog: readonly ModelManifest[];
  readonly adapters: ReadonlyMap<ModelFamily, ModelAdapter>;
  readonly store: Pick<
    ModelStore,
    'find' | 'damageOf' | 'discover' | 'register' | 'install' | 'pack' | 'unpack' | 'remove' | 'sweep'
  >;
  /** Bytes that loaded models may take together. */
  readonly budgetBytes: number;
  /** How long an unused model stays in memory. */
  readonly idleMs?: number;
  /** Memory that can be had now; asked again whenever it matters. */
  readonly freeBytes?: () => number;
  /** The largest allocation that this process survives. */
  readonly largestAllocationBytes?: () => number;
  /** Devices to try for a model's sessions, best first; the processor alone where it is missing. */
  readonly devices?: () => readonly Device[];
  /** Why no faster device than the processor is used; empty where one is. */
  readonly cpuReason?: () => string;
  /** Told what the models may take, before that changes anything and after every change. */
  readonly onHeld?: (held: HeldMemory) => void;
}

export const defaultIdleMs = 10 * 60_000;

/**
 * The models of this machine: what there is, what is installed, what is in memory. One load serves all who wait for it;
 * the least recently used models give way when the budget is full, never one that is leased or pinned.
 */
export class ModelManager implements AsyncDisposable {
  readonly #slots = new Map<ModelId, Slot>();
  readonly #options: ModelManagerOptions;
  readonly #changes = new Changes();
  readonly #residents: Residents;

  private constructor(options: ModelManagerOptions) {
    this.#options = options;
    this.#residents = new Residents({
      slots: () => this.#slots.values(),
      adapters: options.adapters,
      onChange: () => {
        options.onHeld?.(this.#residents.held);
        this.#changes.notify();
      },
      budgetBytes: options.budgetBytes,
      idleMs: options.idleMs ?? defaultIdleMs,
      freeBytes: options.freeBytes,
      largestAllocationBytes: options.largestAllocationBytes,
      devices: options.devices,
    });
  }

  /** Looks up what is installed and clears away what broken installations left behind. */
  static async open(options: ModelManagerOptions): Promise<ModelManager> {
    const manager = new ModelManager(options);
    await options.store.sweep();
    for (const manifest of options.catalog) manager.#put(manifest);
    await manager.rescan();
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

  /** Where a model's files are; `null` where it is not installed. */
  folderOf(id: ModelId): string | null {
    return this.#slot(id).folder;
  }

  /** Looks again at what is on the disk: models dropped into the folder appear, ones that were taken away go. */
  async rescan(): Promise<void> {
    const { store, catalog } = this.#options;
    const found = new Map((await store.discover()).map((model) => [model.description.id, model]));
    for (const slot of [...this.#slots.values()]) {
      if (isBusy(slot)) continue;
      const { id, source } = slot.manifest;
      const known = catalog.find((manifest) => manifest.id === id);
      const model = source.kind === 'npm' ? undefined : found.get(id);
      if (model) this.#place(model);
      else if (known) {
        const fresh = this.#put(known);
        if (known.source.kind === 'npm') await this.#findBuiltIn(fresh);
        else fresh.damage = await store.damageOf(known);
      } else this.#slots.delete(id);
    }
    for (const [id, model] of found) if (!this.#slots.has(id)) this.#place(model);
    this.#changes.notify();
  }

  /**
   * Takes in a folder of this computer, or finds the model of the catalogue that a repository's name stands for.
   * Errors: input/invalid, model/damaged, disk/*.
   */
  async register(path: string, family: ModelFamily | null = null): Promise<ModelEntry> {
    const named = namedIn(this.#options.catalog, path);
    const slot = named ? this.#slot(named.id) : null;
    if (slot) {
      checkFamily(slot.manifest, family);
      return this.#entryOf(slot);
    }
    checkPath(path, this.#options.catalog);
    const model = await this.#options.store.register(path);
    checkFamily(model.description, family);
    const present = this.#slots.get(model.description.id);
    if (present && isBusy(present)) throw inUse(present.manifest.id);
    const placed = this.#place(model);
    this.#changes.notify();
    return this.#entryOf(placed);
  }

  /**
   * Writes an installed model into one file, for a machine without a network.
   * Errors: model/not-installed, model/damaged, disk/*, task/cancelled.
   */
  exportPack(
    id: ModelId,
    { path, replace = false }: { readonly path: string; readonly replace?: boolean | undefined },
    signal: AbortSignal,
  ): AsyncGenerator<PackEvent> {
    return followPack(async (options) => {
      const slot = this.#slot(id);
      if (slot.folder === null)
        throw new AppError('model/not-installed', `${id} is not installed`, { details: { modelId: id } });
      await this.#options.store.pack(slot.folder, path, { ...options, replace });
      return this.#entryOf(slot);
    }, signal);
  }

  /** Takes in a model from such a file. Errors: model/damaged, model/in-use, disk/*, task/cancelled. */
  importPack(path: string, signal: AbortSignal): AsyncGenerator<PackEvent> {
    return followPack((options) => this.#importPack(path, options), signal);
  }

  async #importPack(path: string, options: PackOptions): Promise<ModelEntry> {
    const check = (packed: ModelId) => {
      const present = this.#slots.get(packed);
      if (present && isBusy(present)) throw inUse(packed);
    };
    const id = await this.#options.store.unpack(path, check, options);
    await this.rescan();
    const entry = this.#entryOf(this.#slot(id));
    if (entry.status.state === 'absent')
      throw new AppError('model/damaged', 'The pack is of another version');
    return entry;
  }

  /** Keeps a model in memory until the lease is disposed. A caller who gives up does not stop the load for the others. */
  async acquire(id: ModelId, signal: AbortSignal, wish: LoadWish = {}): Promise<Lease> {
    const slot = this.#slot(id);
    signal.throwIfAborted();
    slot.waiting += 1;
    try {
      const loaded = await orAborted(this.#residents.load(slot, wish), signal);
      loaded.leases += 1;
      this.#residents.touch(loaded);
      let held = true;
      return {
        manifest: slot.manifest,
        model: loaded.model,
        noteSpeed: (tokensPerSecond) => {
          loaded.tokensPerSecond = tokensPerSecond;
          this.#changes.notify();
        },
        [Symbol.dispose]: () => {
          if (!held) return;
          held = false;
          loaded.leases -= 1;
          this.#residents.rest(slot, loaded);
        },
      };
    } finally {
      slot.waiting -= 1;
    }
  }

  /** Brings a model into memory ahead of its use. */
  async load(id: ModelId, signal: AbortSignal, wish: LoadWish = {}): Promise<void> {
    (await this.acquire(id, signal, wish))[Symbol.dispose]();
  }

  /** Errors: model/in-use. */
  async unload(id: ModelId): Promise<void> {
    const slot = this.#slot(id);
    await slot.loading?.done.catch(() => undefined);
    if (!slot.loaded) return;
    if (isUsed(slot, slot.loaded)) throw inUse(id);
    await this.#residents.release(slot, slot.loaded);
  }

  /** A pinned model stays in memory until it is unpinned or unloaded. */
  pin(id: ModelId, pinned: boolean): void {
    const slot = this.#slot(id);
    slot.pinned = pinned;
    if (slot.loaded) this.#residents.rest(slot, slot.loaded);
    this.#changes.notify();
  }

  /** Changes how much loaded models may hold together, and how long an unused one stays. */
  async limit(budgetBytes: number, idleMs: number): Promise<void> {
    await this.#residents.limit(budgetBytes, idleMs);
    this.#changes.notify();
  }

  /** Gives back what idle models hold, because memory is short. Models in use and pinned ones stay. */
  releaseIdle(): Promise<void> {
    return this.#residents.releaseIdle();
  }

  /**
   * Follows an installation, shared by all who ask; it is cancelled when nobody follows it any more.
   * Errors: download/*, disk/*, model/not-installed where there is no way to install it from here.
   */
  async *install(id: ModelId, signal: AbortSignal, wanted?: Precision): AsyncGenerator<ModelEntry> {
    const slot = this.#slot(id);
    const { manifest, obstacle } = slot;
    const precision = wanted ?? suggestVariant(manifest.variants, this.#residents.machineFor(slot));
    variantOf(manifest, precision);
    if (!slot.installed.includes(precision)) {
      if (obstacle !== null) {
        throw new AppError('model/not-installed', `${id} cannot be installed from here: ${obstacle}`, {
          details: { modelId: id, obstacle },
        });
      }
      const installation = slot.installing ?? this.#startInstall(slot, precision);
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
    yield this.#entryOf(this.#slot(id));
  }

  /** Removes a model's files; forgets one that lies elsewhere. Errors: model/in-use, disk/*. */
  async uninstall(id: ModelId): Promise<void> {
    const slot = this.#slot(id);
    if (slot.installing) throw inUse(id);
    await this.unload(id);
    if (slot.folder === null) return;
    await this.#options.store.remove(slot.folder);
    slot.failure = null;
    await this.rescan();
  }

  /** Gives all memory back. Leased models are released when their leases end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const slot of this.#slots.values()) {
      slot.installing?.abort.abort();
      slot.pinned = false;
      if (slot.loaded?.leases === 0) await this.#residents.release(slot, slot.loaded);
    }
  }

  #startInstall(slot: Slot, precision: Precision): Installation {
    const look = () => (slot.manifest.source.kind === 'npm' ? this.#findBuiltIn(slot) : this.rescan());
    const notify = () => this.#changes.notify();
    slot.installing = startInstallation(this.#options.store, slot, precision, look, notify);
    return slot.installing;
  }

  /** Puts a manifest into the list, in the place it had; nothing of it is installed then. */
  #put(manifest: ModelManifest): Slot {
    const { failure = null, pinned = false } = this.#slots.get(manifest.id) ?? {};
    const slot = { ...createSlot(manifest, obstacleOf(manifest, this.#options.adapters)), failure, pinned };
    this.#slots.set(manifest.id, slot);
    return slot;
  }

  #place(model: FoundModel): Slot {
    const known = this.#options.catalog.find(({ id }) => id === model.description.id);
    const slot = this.#put(manifestOf(model, known));
    slot.folder = model.folder;
    slot.installed = model.variants.map(({ precision }) => precision);
    return slot;
  }

  async #findBuiltIn(slot: Slot): Promise<void> {
    const { store } = this.#options;
    const installed = await store.find(slot.manifest);
    slot.damage = installed ? null : await store.damageOf(slot.manifest);
    slot.folder = installed?.folder ?? null;
    slot.installed = installed ? slot.manifest.variants.map(({ precision }) => precision) : [];
  }

  #entryOf(slot: Slot): ModelEntry {
    const { manifest, installed } = slot;
    const machine = this.#residents.machineFor(slot);
    return {
      manifest,
      status: stateOf(slot, this.#options.cpuReason?.() ?? ''),
      variants: manifest.variants.map((variant) => ({
        precision: variant.precision,
        installed: installed.includes(variant.precision),
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
}

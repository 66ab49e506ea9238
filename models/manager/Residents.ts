import { AppError } from '#shared/errors/AppError.ts';
import type { Device } from '#shared/models/devices.ts';
import type { HeldMemory } from '#shared/models/heldMemory.ts';
import type { ModelFamily, ModelVariant, Precision } from '#shared/models/manifest.ts';
import type { ModelAdapter } from '../adapters/adapter.ts';
import { collectGarbage } from './collectGarbage.ts';
import { fitVerdict, type Machine, suggestVariant } from './fitVerdict.ts';
import { LadderModel } from './LadderModel.ts';
import { freeMemoryBytes, largestAllocationBytes } from './machineMemory.ts';
import { inUse, isUsed, type Loaded, type Slot } from './Slot.ts';
import { variantOf } from './variantOf.ts';

export interface ResidentsOptions {
  readonly slots: () => Iterable<Slot>;
  readonly adapters: ReadonlyMap<ModelFamily, ModelAdapter>;
  readonly onChange: () => void;
  budgetBytes: number;
  idleMs: number;
  /** Memory that can be had now; asked again whenever it matters. */
  readonly freeBytes?: (() => number) | undefined;
  readonly largestAllocationBytes?: (() => number) | undefined;
  readonly devices?: (() => readonly Device[]) | undefined;
}

/** What a caller wants of a load. */
export interface LoadWish {
  readonly precision?: Precision | undefined;
  /** Load what is over the budget. What could only end the process is refused all the same. */
  readonly anyway?: boolean | undefined;
}

/** The models in memory. The least recently used give way when memory is short, never one that is leased or pinned. */
export class Residents {
  readonly #options: ResidentsOptions;
  #clock = 0;

  constructor(options: ResidentsOptions) {
    this.#options = options;
  }

  /** Changes what may be held and for how long; idle models that are too much now are released. */
  async limit(budgetBytes: number, idleMs: number): Promise<void> {
    this.#options.budgetBytes = budgetBytes;
    this.#options.idleMs = idleMs;
    const slots = Array.from(this.#options.slots());
    for (const slot of slots) if (slot.loaded) this.rest(slot, slot.loaded);
    for (;;) {
      const oldest = oldestIdle(slots);
      if (!oldest || slots.reduce((sum, slot) => sum + heldBytes(slot), 0) <= budgetBytes) return;
      await this.release(oldest.slot, oldest.loaded);
    }
  }

  /** The machine as it is for one model: what idle models hold can be had, what others in use hold cannot. */
  machineFor(slot: Slot): Machine {
    const { budgetBytes, freeBytes = freeMemoryBytes } = this.#options;
    let [reclaimable, held] = [0, 0];
    for (const other of this.#options.slots()) {
      if (other === slot || canGive(other)) reclaimable += other.loaded ? weightsBytes(other) : 0;
      else held += heldBytes(other);
    }
    return {
      freeBytes: freeBytes() + reclaimable,
      budgetBytes: Math.max(0, budgetBytes - held),
      largestAllocationBytes: (this.#options.largestAllocationBytes ?? largestAllocationBytes)(),
    };
  }

  /** What the models may take by the sums that they were let in with. */
  get held(): HeldMemory {
    const slots = Array.from(this.#options.slots());
    const loading = slots.flatMap((slot) => slot.loading?.variant ?? []);
    const working = slots.map((slot) => (slot.loaded ?? slot.loading)?.variant.workingBytes ?? 0);
    return {
      heldBytes: slots.reduce((sum, slot) => sum + heldBytes(slot), 0) + Math.max(0, ...working),
      loadingBytes: loading.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    };
  }

  /** Releases every model that nobody uses, except pinned ones. */
  async releaseIdle(): Promise<void> {
    const slots = Array.from(this.#options.slots());
    for (let idle = oldestIdle(slots); idle; idle = oldestIdle(slots)) {
      await this.release(idle.slot, idle.loaded);
    }
  }

  /** Brings a model into memory, once for all who wait for it. Errors: model/*. */
  load(slot: Slot, wish: LoadWish): Promise<Loaded> {
    const wanted = wish.precision;
    if (wanted !== undefined) variantOf(slot.manifest, wanted);
    const { loaded, loading } = slot;
    if (loading && (wanted === undefined || loading.variant.precision === wanted)) return loading.done;
    if (loading) return Promise.reject(inUse(slot.manifest.id));
    if (loaded && (wanted === undefined || loaded.variant.precision === wanted))
      return Promise.resolve(loaded);
    // The caller itself is one of those who wait.
    if (loaded && (loaded.leases > 0 || slot.waiting > 1)) return Promise.reject(inUse(slot.manifest.id));
    return this.#begin(slot, wish);
  }

  #begin(slot: Slot, wish: LoadWish): Promise<Loaded> {
    let variant: ModelVariant;
    try {
      variant = this.#choose(slot, wish.precision);
    } catch (error) {
      return Promise.reject(AppError.from(error));
    }
    const done = this.#bringIn(slot, variant, wish.anyway ?? false);
    slot.loading = { variant, done };
    slot.failure = null;
    this.#options.onChange();
    done
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
        this.#options.onChange();
      });
    return done;
  }

  /** The installed variant to load: the wanted one, else the best that fits. Errors: model/not-installed. */
  #choose(slot: Slot, wanted: Precision | undefined): ModelVariant {
    const { manifest, installed, folder } = slot;
    const there = manifest.variants.filter(({ precision }) => installed.includes(precision));
    const [first] = there;
    if (folder === null || !first || (wanted !== undefined && !installed.includes(wanted))) {
      const what = wanted === undefined ? manifest.id : `${manifest.id} in ${wanted}`;
      throw new AppError('model/not-installed', `${what} is not installed`, {
        details: { modelId: manifest.id },
      });
    }
    return variantOf(manifest, wanted ?? suggestVariant([first, ...there.slice(1)], this.machineFor(slot)));
  }

  async #bringIn(slot: Slot, variant: ModelVariant, anyway: boolean): Promise<Loaded> {
    const { manifest, folder } = slot;
    const details = { modelId: manifest.id };
    const adapter = this.#options.adapters.get(manifest.family);
    if (folder === null || !adapter) {
      throw new AppError('model/not-installed', `${manifest.id} is not installed`, { details });
    }
    if (slot.loaded) await this.release(slot, slot.loaded);
    try {
      return await this.#open(slot, adapter, folder, variant, anyway);
    } catch (error) {
      throw error instanceof AppError
        ? error
        : new AppError('model/load-failed', AppError.from(error).message, { details, cause: error });
    }
  }

  /** Loads, in a smaller way where memory runs out: then, or later while the model works. */
  async #open(
    slot: Slot,
    adapter: ModelAdapter,
    folder: string,
    wanted: ModelVariant,
    anyway: boolean,
  ): Promise<Loaded> {
    const { manifest } = slot;
    const devices = this.#options.devices?.() ?? ['cpu'];
    let loaded: Loaded | null = null;
    const model = await LadderModel.open(
      { device: devices[0] ?? 'cpu', precision: wanted.precision },
      {
        installed: manifest.variants.filter(({ precision }) => slot.installed.includes(precision)),
        open: async ({ device, precision }) => {
          const variant = variantOf(manifest, precision);
          await this.#makeRoom(slot, variant, anyway);
          // Leaving the first device means the processor: what one card lacks, the other has seldom.
          return adapter.load({
            manifest,
            variant,
            folder,
            devices: device === 'cpu' ? ['cpu'] : devices,
          });
        },
        onChange: () => {
          if (loaded) loaded.variant = variantOf(manifest, model.precision);
          this.#options.onChange();
        },
        onLost: (error) => {
          if (slot.loaded !== loaded) return;
          slot.loaded = null;
          slot.failure = error;
        },
      },
    );
    loaded = {
      model,
      variant: variantOf(manifest, model.precision),
      leases: 0,
      lastUsed: ++this.#clock,
      tokensPerSecond: null,
    };
    this.rest(slot, loaded);
    return loaded;
  }

  /** Releases idle models, the one used longest ago first, until the variant fits. Errors: model/out-of-memory. */
  async #makeRoom(slot: Slot, variant: ModelVariant, anyway: boolean): Promise<void> {
    const { budgetBytes, freeBytes = freeMemoryBytes } = this.#options;
    for (;;) {
      const others = Array.from(this.#options.slots()).filter((other) => other !== slot);
      const taken = others.reduce((sum, other) => sum + heldBytes(other), 0);
      const machine = this.machineFor(slot);
      const fit = fitVerdict(variant, {
        ...machine,
        freeBytes: freeBytes(),
        budgetBytes: budgetBytes - taken,
      });
      if (fit.verdict !== 'too-big') return;
      const oldest = oldestIdle(others);
      if (fit.reason === 'tensor-too-large' || !oldest) {
        if (anyway && !fit.lethal) return;
        throw new AppError('model/out-of-memory', `${slot.manifest.id} does not fit`, {
          details: {
            modelId: slot.manifest.id,
            precision: variant.precision,
            reason: fit.reason,
            lethal: fit.lethal,
            neededBytes: fit.neededBytes,
            takenBytes: taken,
            budgetBytes,
            freeBytes: fit.freeBytes,
            largestTensorBytes: variant.largestTensorBytes,
          },
        });
      }
      await this.release(oldest.slot, oldest.loaded);
    }
  }

  /** Notes a use: the model is now the last to give way. */
  touch(loaded: Loaded): void {
    loaded.lastUsed = ++this.#clock;
    clearTimeout(loaded.idleTimer);
  }

  /** Starts the time after which an unused model is released. */
  rest(slot: Slot, loaded: Loaded): void {
    clearTimeout(loaded.idleTimer);
    if (loaded.leases > 0 || slot.pinned) return;
    loaded.idleTimer = setTimeout(() => {
      if (slot.loaded === loaded && !isUsed(slot, loaded) && !slot.pinned) void this.release(slot, loaded);
    }, this.#options.idleMs);
    loaded.idleTimer.unref();
  }

  async release(slot: Slot, loaded: Loaded): Promise<void> {
    clearTimeout(loaded.idleTimer);
    if (slot.loaded !== loaded) return;
    slot.loaded = null;
    this.#options.onChange();
    await loaded.model[Symbol.asyncDispose]();
    collectGarbage();
  }
}

/**
 * What a model holds, or will once its load ends: what it was let in for, even where it opens a part of itself later or has
 * not filled its context yet.
 */
const heldBytes = (slot: Slot): number =>
  weightsBytes(slot) + ((slot.loaded ?? slot.loading)?.variant.cacheBytes ?? 0);

const weightsBytes = ({ loaded, loading }: Slot): number =>
  loaded
    ? Math.max(loaded.model.residentBytes, loaded.variant.memoryBytes)
    : (loading?.variant.memoryBytes ?? 0);

/** The model that gives way next. */
const oldestIdle = (slots: readonly Slot[]): { slot: Slot; loaded: Loaded } | undefined =>
  slots
    .flatMap((slot) => (slot.loaded && canGive(slot) ? [{ slot, loaded: slot.loaded }] : []))
    .toSorted((a, b) => a.loaded.lastUsed - b.loaded.lastUsed)[0];

const canGive = (slot: Slot): boolean => slot.loaded !== null && !isUsed(slot, slot.loaded) && !slot.pinned;

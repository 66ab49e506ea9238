import type { HeldMemory } from '#shared/models/heldMemory.ts';
import { reserveBytes } from '#shared/models/machineReserve.ts';
import { type MemoryCause, type MemoryPolicy, type MemoryTrouble, planMemory } from './planMemory.ts';
import { machineBytes, machineFreeBytes, ownMemoryBytes } from './processMemory.ts';

const mebibyte = 1024 ** 2;

export interface MemoryWatchOptions {
  /** Asked at every look: the writer may change it. */
  readonly budgetBytes: () => number;
  readonly policy?: Partial<MemoryPolicy>;
  readonly lookEveryMs?: number;
  /** Memory that the machine still has; `null` where it does not tell. */
  readonly freeBytes?: () => number | null;
}

/** Why a process is ended for its memory. */
export interface TooMuchMemory {
  readonly cause: MemoryCause;
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly freeBytes: number | null;
}

export interface WatchedProcess {
  readonly pid: number | undefined;
  /** Where the host can tell what the process holds; the system is asked otherwise. */
  readonly ownMemoryBytes?: (() => number | null) | undefined;
}

/** An engine without models holds some 60 MiB; vectors of texts (80), pictures (128) and garbage come to that. */
const bareBytes = 320 * mebibyte;

/** Looks at the memory of one life of a process until it is disposed. */
export class MemoryWatch implements Disposable {
  readonly #options: MemoryWatchOptions;
  readonly #policy: MemoryPolicy;
  readonly #process: WatchedProcess;
  readonly #timer: NodeJS.Timeout;
  #held: HeldMemory = { heldBytes: 0, loadingBytes: 0 };
  #trouble: MemoryTrouble | null = null;
  #isLooking = false;
  #isOver = false;

  constructor(
    options: MemoryWatchOptions,
    process: WatchedProcess,
    actions: { release(): void; end(why: TooMuchMemory): void },
  ) {
    this.#options = options;
    this.#process = process;
    this.#policy = {
      bareBytes,
      overShare: 1.1,
      patienceMs: 2000,
      reserveBytes: reserveBytes(machineBytes()),
      ...options.policy,
    };
    this.#timer = setInterval(() => void this.#look(actions), options.lookEveryMs ?? 500);
    this.#timer.unref();
  }

  /** Notes what the process says that its models may take. */
  expect({ heldBytes, loadingBytes }: HeldMemory): void {
    this.#held = { heldBytes, loadingBytes };
  }

  async #look(actions: { release(): void; end(why: TooMuchMemory): void }): Promise<void> {
    const { pid } = this.#process;
    if (this.#isLooking || pid === undefined) return;
    this.#isLooking = true;
    const usedBytes = this.#process.ownMemoryBytes?.() ?? (await ownMemoryBytes(pid));
    this.#isLooking = false;
    if (usedBytes === null || this.#isOver) return;
    const freeBytes = (this.#options.freeBytes ?? machineFreeBytes)();
    const facts = {
      atMs: performance.now(),
      usedBytes,
      freeBytes,
      budgetBytes: this.#options.budgetBytes(),
      ...this.#held,
    };
    const step = planMemory(facts, this.#trouble, this.#policy);
    this.#trouble = 'trouble' in step ? step.trouble : null;
    if (step.kind === 'release') actions.release();
    if (step.kind === 'end') {
      this[Symbol.dispose]();
      actions.end({ cause: step.cause, usedBytes, limitBytes: Math.round(step.limitBytes), freeBytes });
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }
}

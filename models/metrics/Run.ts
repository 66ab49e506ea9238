import type { Precision } from '#shared/models/manifest.ts';
import type { RunOutcome } from '#shared/models/metrics.ts';
import type { ModelId } from '#shared/models/modelId.ts';
import type { TaskKind } from '#shared/models/routing.ts';

/** One attempt of one model at one task: what it took, never what it was about. */
export interface Run {
  readonly task: TaskKind;
  readonly modelId: ModelId;
  /** `null` where no answer came, and `device` is empty then. */
  readonly precision: Precision | null;
  readonly device: string;
  readonly outcome: RunOutcome;
  /** Code of the error; empty where there was none. */
  readonly code: string;
  /** From the call to its end, loading included. */
  readonly ms: number;
  /** Until the model was in memory and free. */
  readonly waitMs: number;
  readonly tokens: number;
  /** `null` where no text was written. */
  readonly tokensPerSecond: number | null;
  readonly firstTokenMs: number | null;
}

/** Hears of every attempt. */
export interface RunObserver {
  begin(): void;
  end(run: Run): void;
}

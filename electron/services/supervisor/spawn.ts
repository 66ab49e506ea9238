import type { Port } from '../../links/Port.ts';

/** How a process ended, in words for a log: "SIGSEGV", "exit code 3". */
type ExitReason = string;

/** A running child, whichever way it was started. */
export interface SpawnedProcess {
  readonly pid: number | undefined;
  readonly port: Port;
  /** Resolves once, when the process is gone; never rejects. */
  readonly exited: Promise<ExitReason>;
  /** What the process holds for itself, where the host can tell and the system cannot be asked by number. */
  readonly ownMemoryBytes?: () => number | null;
  /** Ends it at once. */
  kill(): void;
}

/** Starts one process. May throw: the supervisor counts that as a crash. */
export type Spawn = () => SpawnedProcess;

export interface SpawnOptions {
  /** Absolute path of the entry file. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Receives what the process writes to stdout and stderr. */
  readonly onOutput: (chunk: string) => void;
}

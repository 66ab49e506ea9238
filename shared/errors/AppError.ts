/**
 * Every failure a person or a caller may meet. The code decides what happens next: `retryable` says that the same call
 * may succeed later unchanged, `fallback` that another model may be tried. Texts for people live in the renderer.
 */
export const errorTraits = {
  'input/invalid': { retryable: false, fallback: false },
  'internal/unexpected': { retryable: false, fallback: false },
  'host/disconnected': { retryable: true, fallback: false },
  'host/unsupported': { retryable: false, fallback: false },

  'project/not-found': { retryable: false, fallback: false },
  'project/not-a-story': { retryable: false, fallback: false },
  'project/exists': { retryable: false, fallback: false },
  'project/damaged': { retryable: false, fallback: false },
  'project/newer-version': { retryable: false, fallback: false },
  'project/read-only': { retryable: false, fallback: false },
  'project/locked': { retryable: true, fallback: false },
  'project/closed': { retryable: false, fallback: false },
  'project/vanished': { retryable: true, fallback: false },

  'story/invalid-command': { retryable: false, fallback: false },
  'story/conflict': { retryable: false, fallback: false },
  'story/would-empty': { retryable: false, fallback: false },

  'disk/full': { retryable: true, fallback: false },
  'disk/denied': { retryable: true, fallback: false },
  'disk/failed': { retryable: true, fallback: false },
  'disk/not-found': { retryable: true, fallback: false },
  'disk/exists': { retryable: false, fallback: false },

  'image/unsupported-type': { retryable: false, fallback: false },
  'image/damaged': { retryable: false, fallback: false },
  'image/too-large': { retryable: false, fallback: false },
  'image/empty': { retryable: false, fallback: false },
  'image/not-found': { retryable: false, fallback: false },
  'image/timeout': { retryable: true, fallback: false },

  'snapshot/not-found': { retryable: false, fallback: false },
  'book/empty': { retryable: false, fallback: false },
  'book/folder-in-use': { retryable: false, fallback: false },

  'model/unknown': { retryable: false, fallback: false },
  'model/not-installed': { retryable: false, fallback: true },
  'model/unsupported-call': { retryable: false, fallback: true },
  'model/damaged': { retryable: false, fallback: true },
  'model/load-failed': { retryable: true, fallback: true },
  'model/out-of-memory': { retryable: true, fallback: true },
  'model/in-use': { retryable: true, fallback: false },
  'download/failed': { retryable: true, fallback: false },
  'download/wrong-hash': { retryable: true, fallback: false },
  'download/denied': { retryable: false, fallback: false },
  'download/not-found': { retryable: false, fallback: false },
  'download/in-progress': { retryable: true, fallback: false },
  'download/unexpected-host': { retryable: false, fallback: false },
  'download/proxy-denied': { retryable: false, fallback: false },

  'engine/crashed': { retryable: true, fallback: false },
  'engine/stopped': { retryable: false, fallback: false },
  'engine/timeout': { retryable: true, fallback: false },
  'engine/out-of-memory': { retryable: true, fallback: false },
  'engine/quarantined': { retryable: false, fallback: false },
  'imaging/crashed': { retryable: true, fallback: false },
  'imaging/stopped': { retryable: false, fallback: false },

  'task/no-route': { retryable: false, fallback: false },
  'task/ai-disabled': { retryable: false, fallback: false },
  'task/cancelled': { retryable: false, fallback: false },
  'task/empty-answer': { retryable: true, fallback: false },
  'plan/none': { retryable: false, fallback: false },
  'task/queue-full': { retryable: true, fallback: false },
  'task/nothing-to-rank': { retryable: false, fallback: false },

  'jobs/full': { retryable: true, fallback: false },
  'jobs/not-found': { retryable: false, fallback: false },
  'jobs/nothing-to-do': { retryable: false, fallback: false },
} as const satisfies Record<`${string}/${string}`, { retryable: boolean; fallback: boolean }>;

export type ErrorCode = keyof typeof errorTraits;

/** Plain facts about a failure (names, sizes, limits); never an error object, never a stack. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** The wire form of an {@link AppError}. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTraits, value);

/** The one error class. `message` is for logs in English; people read the text that the renderer keeps for `code`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get retryable(): boolean {
    return errorTraits[this.code].retryable;
  }

  get allowsFallback(): boolean {
    return errorTraits[this.code].fallback;
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, details: this.details };
  }

  static fromReport(report: ErrorReport): AppError {
    return new AppError(report.code, report.message, { details: report.details });
  }

  /** Turns anything thrown into an AppError; what is not one already becomes `internal/unexpected`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') {
      return new AppError('task/cancelled', 'Cancelled', { cause: thrown });
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError('internal/unexpected', message, { cause: thrown });
  }
}

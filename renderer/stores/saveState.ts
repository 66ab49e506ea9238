import type { AppError } from '#shared/errors/AppError.ts';

/** What the status line says about the writer's work; never better than the truth. */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: string | null }
  /** Changed, journalled or on its way there, not yet in its file. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'saving' }
  /** The change stays in the window and is tried again. */
  | { readonly kind: 'failed'; readonly error: AppError };

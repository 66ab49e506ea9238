import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components';
import type { AppError } from '#shared/errors/AppError.ts';

/** Something to tell the writer in passing. Texts are in the language of the interface already; errors are not. */
export type Notice =
  | { readonly kind: 'info'; readonly text: string; readonly action?: { label: string; run(): void } }
  | { readonly kind: 'error'; readonly error: AppError };

export const notices = new ToastQueue<Notice>({ maxVisibleToasts: 3 });

export const tell = (text: string, action?: { label: string; run(): void }): void => {
  notices.add({ kind: 'info', text, ...(action ? { action } : {}) }, { timeout: 6_000 });
};

/** Errors stay until they are read and dismissed; what the writer cancelled is no error. */
export const tellError = (error: AppError): void => {
  if (error.code !== 'task/cancelled') notices.add({ kind: 'error', error });
};

import { AppError } from '#shared/errors/AppError.ts';
import { retryAfterMs } from './planRetry.ts';

/** A failure after which the same request may work. */
export class TransferFault extends Error {
  /** How long the server asks to wait. */
  readonly askedMs: number | null;

  constructor(message: string, askedMs: number | null = null) {
    super(message);
    this.askedMs = askedMs;
  }
}

export interface OpenOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` alone; never to where that redirects. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** The longest silence before the answer begins. */
  readonly idleMs: number;
}

const mostRedirects = 5;

/**
 * Sends a GET and follows redirects, without ever giving the token to another origin.
 * Errors: TransferFault where trying again makes sense; download/denied, download/not-found, download/failed otherwise.
 */
export async function openUrl(
  url: string,
  { headers, token, signal, idleMs }: OpenOptions,
): Promise<Response> {
  const home = new URL(url).origin;
  let here = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const authorised = token !== null && new URL(here).origin === home;
    const response = await fetchOrFault(here, {
      headers: { ...headers, ...(authorised ? { authorization: `Bearer ${token}` } : {}) },
      signal,
      idleMs,
    });
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null) {
      return usable(response);
    }
    await response.body?.cancel().catch(() => undefined);
    here = new URL(to, here).href;
    if (!/^https?:$/.test(new URL(here).protocol))
      throw new AppError('download/failed', 'Led to no web address');
  }
  throw new AppError('download/failed', 'Led in circles', { details: { url: home } });
}

async function fetchOrFault(
  url: string,
  { headers, signal, idleMs }: Pick<OpenOptions, 'headers' | 'signal' | 'idleMs'>,
): Promise<Response> {
  signal.throwIfAborted();
  // The time limit ends with the headers; the body has its own.
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(), idleMs);
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.any([signal, slow.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    if (slow.signal.aborted) throw new TransferFault('The server does not answer');
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new TransferFault(cause);
  } finally {
    clearTimeout(timer);
  }
}

async function usable(response: Response): Promise<Response> {
  const { status } = response;
  if (status === 200 || status === 206 || status === 416) return response;
  await response.body?.cancel().catch(() => undefined);
  const details = { status };
  if (status === 401 || status === 403) throw new AppError('download/denied', 'The hub refuses', { details });
  if (status === 404 || status === 410)
    throw new AppError('download/not-found', 'The hub has no such file', { details });
  if (status === 408 || status === 429 || status >= 500) {
    throw new TransferFault(
      `status ${String(status)}`,
      retryAfterMs(response.headers.get('retry-after'), Date.now()),
    );
  }
  throw new AppError('download/failed', `The hub answered ${String(status)}`, { details });
}

import { AppError } from '#shared/errors/AppError.ts';
import { planRedirect } from './planRedirect.ts';
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
  /** The hub that the writer chose: it and its storage are the only hosts that are asked. */
  readonly endpoint: string;
  /** Sent to the origin of `url` alone; left out from the first redirect to another origin on. */
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** The longest silence before the answer begins. */
  readonly idleMs: number;
}

const mostRedirects = 5;

/**
 * Sends a GET and follows redirects to the hub's own hosts. Errors: TransferFault where trying again makes sense;
 * download/denied, download/not-found, download/unexpected-host, download/proxy-denied, download/failed otherwise.
 */
export async function openUrl(
  url: string,
  { headers, endpoint, token, signal, idleMs }: OpenOptions,
): Promise<Response> {
  let here = url;
  let bearer = token;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetchOrFault(here, {
      headers: { ...headers, ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }) },
      signal,
      idleMs,
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return usable(response);
    await response.body?.cancel().catch(() => undefined);
    const redirect = planRedirect(endpoint, here, location);
    here = redirect.url;
    if (!redirect.keepsToken) bearer = null;
  }
  throw new AppError('download/failed', 'Led in circles', { details: { url: new URL(url).origin } });
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
    const causes = messagesOf(error);
    // What Node says where a proxy refuses the tunnel; there is no response to look at.
    if (causes.some((message) => /^Proxy response \(407\)/.test(message))) {
      throw new AppError('download/proxy-denied', 'The proxy wants a name and a password');
    }
    throw new TransferFault(causes.slice(1).find((message) => message !== '') ?? 'The request failed');
  } finally {
    clearTimeout(timer);
  }
}

const messagesOf = (error: unknown): string[] =>
  error instanceof Error ? [error.message, ...messagesOf(error.cause)] : [];

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

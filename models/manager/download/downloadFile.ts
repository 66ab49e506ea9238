import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors/AppError.ts';
import { diskError } from '../diskError.ts';
import { writeAll } from '../writeAll.ts';
import { openUrl, TransferFault } from './openUrl.ts';
import { type Expected, PartFile } from './PartFile.ts';
import { planRange } from './planRange.ts';
import { planRetry } from './planRetry.ts';

export interface DownloadOptions {
  /** The hub that the writer chose; it says which hosts may be asked. */
  readonly endpoint: string;
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** Told how many bytes of the file are there, whenever that changes. */
  readonly onBytes: (have: number) => void;
  /** Told how many more bytes of the whole file were read for its hash. */
  readonly onChecked?: (bytes: number) => void;
  /** The longest silence, and the time over which the speed is watched. */
  readonly idleMs: number;
  /** Attempts in a row that may bring nothing. */
  readonly attempts: number;
  /** Multiplies every pause; tests make them short. */
  readonly pace: number;
}

/** A line that is slower than this for `idleMs` is given up and asked anew: what hangs often drips. */
const slowestBytesPerSecond = 1024;
/** However much each of them brings: a server that drips or changes its mind for ever is given up. */
const mostAttempts = 200;

/**
 * Brings one file to its place: goes on where an earlier attempt ended, even one of another process, and lets the file
 * count only with the right size and hash. Errors: download/*, disk/*, task/cancelled; what has arrived is kept.
 */
export async function downloadFile(
  url: string,
  target: string,
  expected: Expected,
  options: DownloadOptions,
): Promise<void> {
  const part = new PartFile(target, expected);
  let fruitless = 0;
  let wrongContent = 0;
  for (let tries = 1; ; tries++) {
    const before = (await part.begun()).have;
    try {
      await attempt(url, part, expected, options);
      const { signal, onChecked } = options;
      if (await part.finish({ signal, ...(onChecked ? { onBytes: onChecked } : {}) })) return;
      wrongContent += 1;
      if (wrongContent >= 2) {
        throw new AppError('download/wrong-hash', 'The file is not what the hub says it is', {
          details: { url },
        });
      }
    } catch (error) {
      if (options.signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
      if (!(error instanceof TransferFault)) throw diskError(error);
      fruitless = (await part.begun()).have > before ? 1 : fruitless + 1;
      const retry = planRetry(fruitless, {
        most: options.attempts,
        askedMs: error.askedMs,
        random: Math.random(),
      });
      if (retry.kind === 'stop' || tries >= mostAttempts) {
        throw new AppError('download/failed', error.message, { cause: error, details: { url } });
      }
      await delay(retry.waitMs * options.pace, undefined, { signal: options.signal }).catch(
        (cause: unknown) => {
          throw new AppError('task/cancelled', 'Cancelled', { cause });
        },
      );
    }
  }
}

async function attempt(
  url: string,
  part: PartFile,
  expected: Expected,
  options: DownloadOptions,
): Promise<void> {
  const { have, etag } = await part.begun();
  options.onBytes(have);
  if (have === expected.bytes && have > 0) return;
  const response = await openUrl(url, {
    endpoint: options.endpoint,
    token: options.token,
    signal: options.signal,
    idleMs: options.idleMs,
    headers: {
      'accept-encoding': 'identity',
      ...(have > 0 ? { range: `bytes=${String(have)}-` } : {}),
      ...(have > 0 && etag !== null ? { 'if-range': etag } : {}),
    },
  });
  const header = (name: string) => response.headers.get(name);
  const length = header('content-length');
  const packed = header('content-encoding');
  const plan =
    packed === null || packed === 'identity'
      ? planRange(have, expected.bytes, etag, {
          status: response.status,
          etag: header('etag'),
          contentRange: header('content-range'),
          contentLength: length === null ? null : Number(length),
        })
      : ({ kind: 'refuse', reason: 'packed, which was not asked for' } as const);
  if (plan.kind !== 'write') {
    await response.body?.cancel().catch(() => undefined);
    if (plan.kind === 'restart') await part.discard();
    throw new TransferFault(plan.kind === 'restart' ? 'The file has changed' : plan.reason);
  }
  // An answer that goes on with a part may leave out what was said of it at first.
  const version = header('etag') ?? (plan.from > 0 ? etag : null);
  await receive(response, part, { from: plan.from, version }, expected, options);
}

async function receive(
  response: Response,
  part: PartFile,
  { from, version }: { readonly from: number; readonly version: string | null },
  expected: Expected,
  { signal, idleMs, onBytes }: DownloadOptions,
): Promise<void> {
  const handle = await part.open(from, version);
  const reader = response.body?.getReader();
  let at = from;
  let markedAt = from;
  const silence = { reached: false };
  const leastBytes = (slowestBytesPerSecond * idleMs) / 1000;
  const watch = setInterval(() => {
    if (at - markedAt < leastBytes) {
      silence.reached = true;
      void reader?.cancel().catch(() => undefined);
    }
    markedAt = at;
  }, idleMs);
  const onAbort = () => void reader?.cancel().catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (reader && at <= expected.bytes) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new TransferFault(String(error));
      });
      signal.throwIfAborted();
      if (done) break;
      await writeAll(handle, value.subarray(0, expected.bytes - at), at);
      at += value.length;
      onBytes(Math.min(at, expected.bytes));
    }
    signal.throwIfAborted();
    if (silence.reached) throw new TransferFault('The server fell silent or drips');
    if (at < expected.bytes) throw new TransferFault('The connection ended too early');
    if (at > expected.bytes) throw new TransferFault('The file is longer than it should be');
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
    await reader?.cancel().catch(() => undefined);
    await handle.close();
    if (at > expected.bytes) await part.discard();
  }
}

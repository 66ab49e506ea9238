/** What a server said about the bytes it is about to send. */
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly contentRange: string | null;
  readonly contentLength: number | null;
}

/** Write from `from` on; throw away what is there and write from 0; or ask anew without what is there. */
export type RangePlan =
  | { readonly kind: 'write'; readonly from: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Decides what an answer to "the bytes from `have` on" is good for. `have` bytes are there, `bytes` is the whole size.
 * A part is only ever added to where the server says that it sends exactly what follows, of the same version.
 */
export function planRange(have: number, bytes: number, etag: string | null, answer: Answer): RangePlan {
  if (answer.status === 200) {
    if (answer.contentLength !== null && answer.contentLength !== bytes) {
      return { kind: 'refuse', reason: `${String(answer.contentLength)} bytes instead of ${String(bytes)}` };
    }
    return { kind: 'write', from: 0 };
  }
  if (answer.status === 416)
    return have > 0 ? { kind: 'restart' } : { kind: 'refuse', reason: 'no such range' };
  if (answer.status !== 206) return { kind: 'refuse', reason: `status ${String(answer.status)}` };
  const [, start, , total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.contentRange ?? '') ?? [];
  const wrongStart = start === undefined || Number(start) !== have;
  const wrongTotal = total !== undefined && total !== '*' && Number(total) !== bytes;
  const otherVersion = etag !== null && answer.etag !== null && answer.etag !== etag;
  if (wrongStart || wrongTotal || otherVersion) {
    return have > 0 ? { kind: 'restart' } : { kind: 'refuse', reason: 'another range than asked for' };
  }
  return { kind: 'write', from: have };
}

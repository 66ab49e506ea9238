import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { type HubPlace, revisionUrl, safePath, tokenFor, treeUrl } from './hubUrls.ts';
import { openUrl, TransferFault } from './openUrl.ts';
import type { Expected } from './PartFile.ts';
import { planRetry } from './planRetry.ts';

/** A file of a repository, as the hub describes it. */
export interface HubFile extends Expected {
  readonly path: string;
}

export interface AskOptions {
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly idleMs: number;
  readonly attempts: number;
  readonly pace: number;
}

const Sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const Revision = z.object({ sha: Sha1 });
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number().int().nonnegative(),
  oid: Sha1,
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).optional(),
});

/** No answer of the hub's interface is larger. */
const mostBytes = 16 * 1024 * 1024;
const mostPages = 50;

/**
 * Asks the hub which commit a revision is, and for the sizes and hashes of its files. Errors: download/*, input/invalid for
 * a file name that leads out of the folder.
 */
export async function resolveFiles(
  place: HubPlace,
  asked: AskOptions,
): Promise<{ commit: string; files: HubFile[] }> {
  const options = { ...asked, token: tokenFor(place.endpoint, asked.token) };
  const { sha: commit } = parsed(Revision, (await ask(revisionUrl(place), options)).body);
  const files: HubFile[] = [];
  let url: string | null = treeUrl({ ...place, revision: commit });
  for (let page = 0; url !== null && page < mostPages; page++) {
    const answer: Page = await ask(url, options);
    for (const entry of parsed(z.array(Entry), answer.body)) {
      if (entry.type !== 'file') continue;
      files.push({
        path: safePath(entry.path),
        bytes: entry.lfs?.size ?? entry.size,
        sha256: entry.lfs?.oid ?? null,
        gitSha1: entry.lfs ? null : entry.oid,
      });
    }
    url = answer.next;
  }
  return { commit, files };
}

interface Page {
  readonly body: unknown;
  readonly next: string | null;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new AppError('download/failed', 'The hub answered with something else');
  return result.data;
}

async function ask(url: string, options: AskOptions): Promise<Page> {
  for (let fruitless = 1; ; fruitless++) {
    try {
      const response = await openUrl(url, { ...options, headers: { accept: 'application/json' } });
      const body: unknown = JSON.parse(await readText(response, options));
      const [, next] = /<([^>]+)>\s*;\s*rel="next"/.exec(response.headers.get('link') ?? '') ?? [];
      const following = next === undefined ? null : new URL(next, url);
      // A next page of another host would be asked with our token, or for nothing.
      return { body, next: following?.origin === new URL(url).origin ? following.href : null };
    } catch (error) {
      if (options.signal.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: error });
      const fault = error instanceof SyntaxError ? new TransferFault('Not JSON') : error;
      if (!(fault instanceof TransferFault)) throw error;
      const retry = planRetry(fruitless, {
        most: options.attempts,
        askedMs: fault.askedMs,
        random: Math.random(),
      });
      if (retry.kind === 'stop') throw new AppError('download/failed', fault.message, { cause: error });
      await delay(retry.waitMs * options.pace, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}

async function readText(response: Response, { signal, idleMs }: AskOptions): Promise<string> {
  const reader = response.body?.getReader();
  const stop = () => void reader?.cancel().catch(() => undefined);
  const timer = setTimeout(stop, idleMs);
  signal.addEventListener('abort', stop, { once: true });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (reader) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new TransferFault(String(error));
      });
      signal.throwIfAborted();
      if (done) break;
      bytes += value.length;
      if (bytes > mostBytes) throw new AppError('download/failed', 'The answer does not end');
      chunks.push(value);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}

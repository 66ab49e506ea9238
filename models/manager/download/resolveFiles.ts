import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { type HubPlace, revisionUrl, tokenFor, treeUrl } from './hubUrls.ts';
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
 * Asks the hub which commit a revision is, and for the sizes and hashes of all its files; their names are as the hub gives
 * them. Errors: download/*, also where the list does not end or goes on at another host: never a part of it.
 */
export async function resolveFiles(
  place: HubPlace,
  asked: AskOptions,
): Promise<{ commit: string; files: HubFile[] }> {
  const { endpoint } = place;
  const options = { ...asked, endpoint, token: tokenFor(endpoint, asked.token) };
  const { sha: commit } = parsed(Revision, (await ask(revisionUrl(place), options)).body);
  const files: HubFile[] = [];
  let url: string | null = treeUrl({ ...place, revision: commit });
  for (let page = 0; url !== null; page++) {
    if (page === mostPages) throw new AppError('download/failed', 'The list of files does not end');
    const answer: Page = await ask(url, options);
    for (const entry of parsed(z.array(Entry), answer.body)) {
      if (entry.type !== 'file') continue;
      files.push({
        path: entry.path,
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

async function ask(url: string, options: AskOptions & Pick<HubPlace, 'endpoint'>): Promise<Page> {
  for (let fruitless = 1; ; fruitless++) {
    try {
      const response = await openUrl(url, { ...options, headers: { accept: 'application/json' } });
      const body: unknown = JSON.parse(await readText(response, options));
      return { body, next: nextPage(response.headers.get('link'), url) };
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

/** The page after this one; one of another host would be asked with our token. */
function nextPage(link: string | null, here: string): string | null {
  const [, next] = /<([^>]+)>\s*;\s*rel="next"/.exec(link ?? '') ?? [];
  if (next === undefined) return null;
  const following = URL.parse(next, here);
  if (following?.origin === new URL(here).origin) return following.href;
  throw new AppError('download/unexpected-host', 'The list of files goes on at another host', {
    details: { host: following?.host ?? next, hub: new URL(here).host },
  });
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

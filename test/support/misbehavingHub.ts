import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Everything that may go wrong with one request for a file, and be well with the next. */
export const faults = [
  'none',
  'reset',
  'cut-short',
  'stall',
  'silent',
  'wrong-bytes',
  'too-long',
  'endless',
  'html-page',
  'gzipped',
  'range-ignored',
  'range-elsewhere',
  'other-version',
  'busy',
  'down',
  'in-circles',
  'to-other-host',
  'drip',
  'slow',
  'no-range',
  // Without a tunnel Node gives no response for it, only a failed request.
  'proxy-asks',
] as const;
/** Answers after which the same request has no sense, and what they are called. */
export const refusals = {
  unauthorised: 'download/denied',
  forbidden: 'download/denied',
  'to-foreign-host': 'download/unexpected-host',
  'to-a-file': 'download/failed',
} as const;
export type Fault = (typeof faults)[number] | keyof typeof refusals;
const statusOf: Partial<Record<Fault, number>> = {
  down: 503,
  unauthorised: 401,
  forbidden: 403,
  'proxy-asks': 407,
};

export interface HubRequest {
  readonly path: string;
  readonly fault: Fault;
  readonly range: string | null;
  readonly authorization: string | null;
  readonly host: 'hub' | 'storage';
  readonly atMs: number;
}

export interface Hub extends AsyncDisposable {
  readonly endpoint: string;
  readonly requests: readonly HubRequest[];
  /** Bytes of files that were sent, whatever became of them. */
  readonly sentBytes: number;
}

const commit = 'c'.repeat(40);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const gitSha1 = (bytes: Uint8Array): string =>
  createHash('sha1')
    .update(`blob ${String(bytes.length)}\0`)
    .update(bytes)
    .digest('hex');

/** Files up to here are kept in Git itself; larger ones in its large file storage, as on the real hub. */
const lfsFromBytes = 10_000;
const pageSize = 2;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

export interface HubOptions {
  /** How its list of files goes wrong: pages without an end, or a next page at another host. */
  readonly listing?: 'whole' | 'endless' | 'elsewhere';
  /** What a busy hub asks to wait, in seconds. */
  readonly retryAfter?: string;
}

/**
 * A hub on this machine that speaks the interface of the real one: revisions, file lists in pages, files by way of a
 * redirect to a second host, ranges, versions. `faultOf` says how each request for a file goes wrong.
 */
export async function startHub(
  files: Readonly<Record<string, Uint8Array>>,
  faultOf: (path: string, attempt: number) => Fault = () => 'none',
  { listing = 'whole', retryAfter = '0' }: HubOptions = {},
): Promise<Hub> {
  const requests: HubRequest[] = [];
  const attempts = new Map<string, number>();
  let sentBytes = 0;

  const note = (request: IncomingMessage, path: string, fault: Fault, host: HubRequest['host']) =>
    requests.push({
      path,
      fault,
      range: request.headers.range ?? null,
      authorization: request.headers.authorization ?? null,
      host,
      atMs: performance.now(),
    });
  const send = (response: ServerResponse, bytes: Uint8Array) => {
    sentBytes += bytes.length;
    response.write(bytes);
  };

  function serveFile(request: IncomingMessage, response: ServerResponse, path: string, fault: Fault): void {
    const bytes = files[path] ?? new Uint8Array();
    const etag = `"${sha256(bytes).slice(0, 32)}"`;
    const [, wanted] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const from = Number(wanted ?? 0);
    const asked =
      wanted !== undefined && fault !== 'range-ignored' && request.headers['if-range'] !== '"old"';
    if (fault === 'no-range' || (asked && from >= bytes.length)) {
      response.writeHead(416, { 'content-range': `bytes */${String(bytes.length)}` }).end();
      return;
    }
    const start = asked ? from : 0;
    const body = bytes.subarray(start);
    const partly: Record<string, string> = asked
      ? { 'content-range': `bytes ${String(start)}-${String(bytes.length - 1)}/${String(bytes.length)}` }
      : {};
    const head = { etag, 'content-length': String(body.length), ...partly };
    const status = asked ? 206 : 200;
    const half = body.subarray(0, Math.ceil(body.length / 2));
    switch (fault) {
      case 'silent':
        return;
      case 'reset':
        response.writeHead(status, head);
        send(response, half);
        setTimeout(() => response.destroy(), 5);
        return;
      case 'cut-short':
        response.writeHead(status, { etag, ...partly });
        send(response, half);
        response.end();
        return;
      case 'stall':
        response.writeHead(status, head);
        send(response, half);
        return;
      case 'wrong-bytes':
        response.writeHead(status, head);
        send(
          response,
          body.map((byte, index) => (index % 97 === 5 ? byte ^ 1 : byte)),
        );
        response.end();
        return;
      case 'too-long':
        response.writeHead(status, { etag, ...partly });
        send(response, Buffer.concat([body, Buffer.from('and more')]));
        response.end();
        return;
      case 'endless': {
        response.writeHead(status, { etag, ...partly });
        const timer = setInterval(() => send(response, Buffer.alloc(65_536, 1)), 2);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'drip': {
        response.writeHead(status, head);
        let at = 0;
        const timer = setInterval(() => {
          send(response, body.subarray(at, at + 16));
          at += 16;
        }, 20);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'slow': {
        response.writeHead(status, head);
        let at = 0;
        const timer = setInterval(() => {
          send(response, body.subarray(at, at + 65_536));
          at += 65_536;
          if (at >= body.length) response.end();
        }, 5);
        response.on('close', () => clearInterval(timer));
        return;
      }
      case 'html-page':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html><body>Please log in</body></html>');
        return;
      case 'gzipped': {
        const packed = gzipSync(body);
        response.writeHead(status, {
          etag,
          'content-encoding': 'gzip',
          'content-length': String(packed.length),
          ...partly,
        });
        response.end(packed);
        return;
      }
      case 'range-elsewhere':
        response.writeHead(206, {
          etag,
          'content-range': `bytes ${String(start + 7)}-${String(bytes.length - 1)}/${String(bytes.length)}`,
        });
        send(response, body.subarray(7));
        response.end();
        return;
      case 'other-version':
        response.writeHead(status, { ...head, etag: '"another"' });
        send(response, body);
        response.end();
        return;
      case 'none':
      case 'range-ignored':
      case 'to-other-host':
      // What the hub answers itself never comes here.
      case 'busy':
      case 'down':
      case 'in-circles':
      case 'unauthorised':
      case 'forbidden':
      case 'proxy-asks':
      case 'to-foreign-host':
      case 'to-a-file':
        response.writeHead(status, head);
        send(response, body);
        response.end();
    }
  }

  const storage = createServer((request, response) => {
    const [, path = '', fault = 'none'] = /^\/store\/(.*)\?fault=(.*)$/.exec(request.url ?? '') ?? [];
    note(request, decodeURIComponent(path), fault as Fault, 'storage');
    serveFile(request, response, decodeURIComponent(path), fault as Fault);
  });
  const storageOrigin = await listen(storage);

  const list = Object.entries(files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: gitSha1(bytes),
    ...(bytes.length > lfsFromBytes ? { lfs: { oid: sha256(bytes), size: bytes.length } } : {}),
  }));
  const hub = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const json = (body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (/^\/api\/models\/[^/]+\/[^/]+\/revision\//.test(url.pathname)) {
      json({ sha: commit });
      return;
    }
    if (/^\/api\/models\/[^/]+\/[^/]+\/tree\//.test(url.pathname)) {
      const page = Number(url.searchParams.get('cursor') ?? 0);
      const more = listing === 'endless' || (page + 1) * pageSize < list.length;
      const next = `${listing === 'elsewhere' ? storageOrigin : ''}${url.pathname}?recursive=true&cursor=${String(page + 1)}`;
      json(list.slice(page * pageSize, (page + 1) * pageSize), more ? { link: `<${next}>; rel="next"` } : {});
      return;
    }
    const [, raw = ''] = /^\/[^/]+\/[^/]+\/resolve\/[^/]+\/(.*)$/.exec(url.pathname) ?? [];
    const path = decodeURIComponent(raw);
    if (!Object.hasOwn(files, path)) {
      response.writeHead(path === 'private.bin' ? 403 : 404).end();
      return;
    }
    const attempt = attempts.get(path) ?? 0;
    const redirected = url.searchParams.has('again');
    if (!redirected) attempts.set(path, attempt + 1);
    const fault = faultOf(path, redirected ? attempt - 1 : attempt);
    note(request, path, fault, 'hub');
    const refused = statusOf[fault];
    if (fault === 'busy') response.writeHead(429, { 'retry-after': retryAfter }).end();
    else if (refused !== undefined) response.writeHead(refused).end();
    else if (fault === 'to-a-file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    else if (fault === 'to-foreign-host') {
      const foreign = storageOrigin.replace('127.0.0.1', 'localhost');
      response.writeHead(302, { location: `${foreign}/store/${raw}?fault=none` }).end();
    } else if (fault === 'in-circles') response.writeHead(302, { location: `${url.pathname}?again=1` }).end();
    else if ((files[path]?.length ?? 0) > lfsFromBytes || fault === 'to-other-host')
      response.writeHead(302, { location: `${storageOrigin}/store/${raw}?fault=${fault}` }).end();
    else serveFile(request, response, path, fault);
  });
  const endpoint = await listen(hub);
  return {
    endpoint,
    requests,
    get sentBytes() {
      return sentBytes;
    },
    async [Symbol.asyncDispose]() {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClient, openLink } from '#electron/links/connect.ts';
import { fromWebSocket } from '#electron/links/webSocket.ts';
import { createAssetLister } from '#electron/services/server/assets.ts';
import { contentPolicy } from '#electron/services/server/contentPolicy.ts';
import { openStudioServer, type StudioServer } from '#electron/services/server/StudioServer.ts';
import type { Contract } from '#shared/contract/index.ts';
import { type ImageVariant, imageUrl } from '#shared/contract/urls.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { picture } from '../support/pictures.ts';
import { openTestStudio, type TestStudio } from '../support/studio.ts';

let studio: TestStudio;
let server: StudioServer;
let page: string;
let cookie: string;
let counts: number[] = [];

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string;
  readonly host?: string;
}

/** One raw HTTP request; nothing is added to it that a browser would add. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body, host = '127.0.0.1' }: Sent = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request({ host, port: server.port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const origin = () => `http://127.0.0.1:${String(server.port)}`;
const tokenPath = (address: string) => address.slice(origin().length);

/** Tries to open the RPC socket; the status it was refused with, or the socket. */
async function dial(headers: Record<string, string>, path = '/rpc'): Promise<number | WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(server.port)}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
    });
    socket.once('error', (error) => {
      if (!error.message.startsWith('Unexpected server response')) reject(error);
    });
  });
}

async function login(): Promise<string> {
  const { headers } = await ask(tokenPath(server.newAddress()));
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

beforeAll(async () => {
  studio = await openTestStudio();
  page = await mkdtemp(join(tmpdir(), 'storyloom-page-'));
  await mkdir(join(page, 'assets'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Storyloom</title>');
  await writeFile(join(page, 'assets', 'index-1a2b.js'), 'export {};');
  server = await openStudioServer({
    studio: studio.studio,
    assets: createAssetLister(page),
    port: 0,
    onConnections: (count) => counts.push(count),
  });
  cookie = await login();
});
afterAll(async () => {
  await server.close();
  await studio[Symbol.asyncDispose]();
  await rm(page, { recursive: true });
});

describe('the printed address', () => {
  test('lets one browser in, once, with a cookie that scripts and other sites cannot use', async () => {
    const address = server.newAddress();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    const first = await ask(tokenPath(address));
    expect(first).toMatchObject({
      status: 303,
      headers: { location: '/', 'referrer-policy': 'no-referrer' },
    });
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^storyloom-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(await ask(tokenPath(address))).toMatchObject({ status: 401 });
  });

  test('leads a browser that was let in before to the studio, even when used', async () => {
    const address = server.newAddress();
    await ask(tokenPath(address));
    expect(await ask(tokenPath(address), { headers: { cookie } })).toMatchObject({
      status: 303,
      headers: { location: '/' },
    });
  });

  test('is void as soon as a new one is printed', async () => {
    const old = server.newAddress();
    server.newAddress();
    expect(await ask(tokenPath(old))).toMatchObject({ status: 401 });
  });

  test('works from a link on another page, where a redirect would lose the cookie', async () => {
    const reply = await ask(tokenPath(server.newAddress()), { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(reply).toMatchObject({ status: 200, headers: { refresh: '0; url=/' } });
  });
});

describe('pages', () => {
  test('come with the whole policy and no way in for other origins', async () => {
    for (const path of ['/', '/assets/index-1a2b.js', '/nothing', '/images/x/y/z']) {
      const { headers } = await ask(path, { headers: { cookie } });
      expect(headers).toMatchObject({
        'content-security-policy': contentPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('are the built files by their exact address, and nothing else', async () => {
    const statusOf = async (path: string) => (await ask(path, { headers: { cookie } })).status;
    expect(await statusOf('/')).toBe(200);
    expect(await statusOf('/assets/index-1a2b.js')).toBe(200);
    for (const path of [
      '/assets',
      '/Index.html',
      '/../package.json',
      '/assets/..%2f..%2fpackage.json',
      '//',
      '/index.html/',
    ]) {
      expect(await statusOf(path), path).toBe(404);
    }
    expect((await ask('/', { method: 'DELETE', headers: { cookie, origin: origin() } })).status).toBe(405);
  });

  test('show a page that was built anew', async () => {
    await writeFile(join(page, 'assets', 'index-9z9z.js'), 'export {};');
    await writeFile(join(page, 'index.html'), '<!doctype html><title>Newer</title>');
    expect((await ask('/assets/index-9z9z.js', { headers: { cookie } })).status).toBe(200);
    expect((await ask('/', { headers: { cookie } })).body.toString()).toContain('Newer');
  });
});

describe('twelve attacks', () => {
  const secret = 'Elara';

  test('1: a socket from another site is refused, cookie or not', async () => {
    expect(await dial({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await dial({ origin: 'https://evil.example' })).toBe(403);
  });

  test('2: fetches of another site get nothing, cookie or not', async () => {
    for (const headers of [
      { origin: 'https://evil.example', cookie },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ]) {
      const reply = await ask('/', { headers });
      expect(reply.status).toBe(403);
      expect(reply.body.toString()).not.toContain('doctype');
    }
  });

  test('3: forms of another site upload nothing', async () => {
    const before = await ask('/uploads', { method: 'POST', headers: { cookie, origin: 'null' }, body: 'x' });
    expect(before.status).toBe(403);
    const form = { cookie, origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect((await ask('/uploads', { method: 'POST', headers: form, body: 'x' })).status).toBe(403);
  });

  test('4: pictures cannot be embedded elsewhere, not even by a neighbour on another port', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { cookie, 'sec-fetch-site': site, 'sec-fetch-dest': 'image' };
      expect((await ask(`/images/abcdefgh/${'a'.repeat(64)}/full`, { headers })).status).toBe(403);
    }
  });

  test('5: a rebound name is not answered', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${String(server.port)}`,
      `localhost.evil.example:${String(server.port)}`,
    ]) {
      const reply = await ask('/', { headers: { host, cookie } });
      expect(reply.status).toBe(421);
      expect(reply.body.toString()).not.toContain(secret);
    }
    expect(await dial({ host: `evil.example:${String(server.port)}`, origin: origin(), cookie })).toBe(421);
  });

  test('6: an origin of null is not ours', async () => {
    expect(await dial({ cookie, origin: 'null' })).toBe(403);
    expect((await ask('/', { headers: { cookie, origin: 'null' } })).status).toBe(403);
  });

  test('7: a socket without an origin is refused', async () => {
    expect(await dial({ cookie })).toBe(403);
    expect((await ask('/uploads', { method: 'POST', headers: { cookie }, body: 'x' })).status).toBe(403);
  });

  test('8: a missing, doubled or foreign Host is refused, without reaching a handler', async () => {
    const raw = async (text: string): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1');
      socket.end(text);
      let reply = '';
      socket.on('data', (chunk) => {
        reply += String(chunk);
      });
      await once(socket, 'close');
      return reply.split('\r\n', 1)[0] ?? '';
    };
    expect(await raw('GET / HTTP/1.0\r\n\r\n')).toContain('421');
    expect(await raw('GET / HTTP/1.1\r\n\r\n')).toContain('400');
    expect(await raw('GET / HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n')).toContain('421');
    expect(
      await raw('GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'),
    ).toContain('421');
  });

  test('9: it listens on loopback only, and 0.0.0.0 is no name of it', async () => {
    expect(
      (await ask('/', { host: '127.0.0.1', headers: { host: `0.0.0.0:${String(server.port)}`, cookie } }))
        .status,
    ).toBe(421);
    await expect(ask('/', { host: '127.0.0.2' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('10: guessed tokens and cookies are strangers', async () => {
    const address = server.newAddress();
    for (const guess of ['', 'a', 'A'.repeat(43), '\u{1F409}', 'x'.repeat(5_000)]) {
      expect((await ask(`/?token=${encodeURIComponent(guess)}`)).status).toBe(401);
      const [name = ''] = cookie.split('=');
      expect((await ask('/', { headers: { cookie: `${name}=${encodeURIComponent(guess)}` } })).status).toBe(
        401,
      );
    }
    expect((await ask(tokenPath(address))).status).toBe(303);
  });

  test('11: the token cannot leak through a Referer: it is used up, and pages send none', async () => {
    const address = server.newAddress();
    const reply = await ask(tokenPath(address));
    expect(reply.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect((await ask('/', { headers: { referer: address } })).status).toBe(401);
  });

  test('12: another user of the machine, who sees the port, gets nothing', async () => {
    expect((await ask('/')).status).toBe(401);
    expect((await ask('/assets/index-1a2b.js')).status).toBe(401);
    expect(await dial({ origin: origin() })).toBe(401);
    const upload = await ask('/uploads', { method: 'POST', headers: { origin: origin() }, body: 'x' });
    expect(upload.status).toBe(401);
  });
});

describe('sockets', () => {
  const welcome = () => ({ cookie, origin: origin() });

  test('carry the studio for the page that was let in', async () => {
    const socket = (await dial(welcome())) as WebSocket;
    const link = openLink(fromWebSocket(socket), () => new AppError('host/disconnected', 'gone'));
    expect(await createClient<Contract>(link).app.info()).toMatchObject({ host: 'browser' });
    socket.close();
    await once(socket, 'close');
  });

  test('are eight at most, on one path only', async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, () => dial(welcome())));
    expect(sockets.every((socket) => socket instanceof WebSocket)).toBe(true);
    expect(await dial(welcome())).toBe(503);
    for (const socket of sockets as WebSocket[]) {
      socket.close();
      await once(socket, 'close');
    }
    expect(await dial(welcome(), '/other')).toBe(404);
  });

  test('are cut off at a message above 8 MiB, and survive every other nonsense', async () => {
    const socket = (await dial(welcome())) as WebSocket;
    for (const nonsense of [
      '',
      '{',
      'null',
      '[]',
      '{"i":"1"}',
      '{"i":"1","p":{"u":"::"}}',
      '\u0000',
      `{"i":"1","t":9,"p":{}}`,
    ]) {
      socket.send(nonsense);
    }
    socket.send(Buffer.from([1, 2, 255, 3]));
    const link = openLink(fromWebSocket(socket), () => new AppError('host/disconnected', 'gone'));
    expect(await createClient<Contract>(link).app.info()).toMatchObject({ host: 'browser' });
    socket.send('x'.repeat(8 * 1024 * 1024 + 1));
    const [code] = (await once(socket, 'close')) as [number];
    expect([1006, 1009]).toContain(code);
    expect(await ask('/', { headers: { cookie } })).toMatchObject({ status: 200 });
  });

  test('tell the host how many pages there are', async () => {
    counts = [];
    const socket = (await dial(welcome())) as WebSocket;
    socket.close();
    await once(socket, 'close');
    await expect.poll(() => counts).toEqual([1, 0]);
  });
});

test('a picture goes in by upload and import, and comes out in every size', async () => {
  const { services } = studio.studio;
  const opened = await services.projects.create({
    title: 'Pictures',
    language: 'en',
    parentFolder: null,
  });
  const { sessionId } = opened;
  const headers = { cookie, origin: origin() };
  const upload = async (body: Uint8Array) => {
    const reply = await ask('/uploads', { method: 'POST', headers, body });
    expect(reply.status).toBe(200);
    return (JSON.parse(reply.body.toString()) as { uploadId: string }).uploadId;
  };
  const bytes = await picture(2000, 1000).png().toBuffer();
  const uploads = [{ uploadId: await upload(bytes), name: 'C:\\Photos\\The Old Oak.PNG' }];
  const [result] = await Array.fromAsync(services.images.import({ sessionId, uploads }));
  if (result?.outcome !== 'added') throw new Error(JSON.stringify(result));
  expect(result.image).toMatchObject({
    originalName: 'The Old Oak.PNG',
    width: 2000,
    height: 1000,
    tags: [],
  });
  expect(result.image.file).toBe(`the-old-oak-${result.image.id.slice(0, 8)}.png`);
  const { revision } = await services.story.apply({
    sessionId,
    baseRevision: opened.revision,
    commands: [{ kind: 'image.add', image: result.image }],
  });
  expect(revision).toBeGreaterThan(0);
  const get = (variant: ImageVariant) =>
    ask(imageUrl(sessionId, result.image.id, variant), { headers: { cookie } });
  expect(await get('thumb')).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } });
  expect(await get('view')).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } });
  const full = await get('full');
  expect(full).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
  expect(Buffer.compare(full.body, bytes)).toBe(0);
  const stranger = imageUrl(sessionId, 'f'.repeat(64) as never, 'full');
  expect((await ask(stranger, { headers: { cookie } })).status).toBe(404);
});

test('an upload above the limit is refused with its numbers and leaves nothing behind', async () => {
  const body = Buffer.alloc(64 * 1024 * 1024 + 1);
  const reply = await ask('/uploads', { method: 'POST', headers: { cookie, origin: origin() }, body }).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (typeof reply === 'object') {
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      code: 'image/too-large',
      details: { maxBytes: 64 * 1024 * 1024 },
    });
  } else {
    // The answer came while the rest was still being sent.
    expect(['ECONNRESET', 'EPIPE']).toContain(reply);
  }
});

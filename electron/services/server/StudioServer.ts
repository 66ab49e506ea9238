import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { createServer } from '../../links/serve.ts';
import { fromWebSocket } from '../../links/webSocket.ts';
import type { Studio } from '../studio/createStudio.ts';
import { type Answer, createAnswerer, textAnswer } from './answer.ts';
import type { Assets } from './assets.ts';
import { Guard, type Refusal } from './Guard.ts';

/** Where pages open their RPC connection. */
const rpcPath = '/rpc';
const maxSockets = 8;
const maxPayloadBytes = 8 * 1024 * 1024;

export interface StudioServerOptions {
  readonly studio: Pick<Studio, 'router' | 'services'>;
  readonly assets: () => Assets;
  /** 0 for any free one. */
  readonly port: number;
  /** A connection that does not answer a ping for this long is closed. */
  readonly idleMs?: number;
  /** Told how many pages are connected, whenever that changes. */
  readonly onConnections?: (count: number) => void;
}

export interface StudioServer {
  readonly port: number;
  /** A fresh address with a token that works once; earlier ones are void. */
  newAddress(): string;
  close(): Promise<void>;
}

const split = (url: string | undefined): { path: string; query: string } => {
  const [path = '/', query = ''] = (url ?? '/').split('?', 2);
  return { path, query };
};

async function send(response: ServerResponse, answer: Answer, head: boolean): Promise<void> {
  const { content } = answer;
  if ('text' in content) {
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': Buffer.byteLength(content.text),
    });
    response.end(head ? undefined : content.text);
    return;
  }
  const facts = await stat(content.file).catch(() => null);
  if (!facts?.isFile()) return send(response, textAnswer(404, 'Not found'), head);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': facts.size });
  if (head) response.end();
  else await pipeline(createReadStream(content.file, { end: Math.max(facts.size - 1, 0) }), response);
}

/** Serves the studio to a browser on this machine: pages, pictures, uploads and RPC, behind a {@link Guard}. */
export async function openStudioServer(options: StudioServerOptions): Promise<StudioServer> {
  const { studio, idleMs = 60_000 } = options;
  const answer = createAnswerer(options.assets, studio.services.images);
  const rpc = createServer(studio.router);
  const http = createHttpServer({
    requestTimeout: 5 * 60_000,
    headersTimeout: 10_000,
    maxHeaderSize: 16 * 1024,
  });
  http.maxConnections = 64;
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  const guard = new Guard(port);

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const changes = method !== 'GET' && method !== 'HEAD';
    const { path, query } = split(request.url);
    const refuse = (refusal: Refusal) => send(response, textAnswer(refusal.status, refusal.text), false);
    const foreign = guard.refuseHost(request.headers);
    if (foreign) return refuse(foreign);
    const token = path === '/' && method === 'GET' ? new URLSearchParams(query).get('token') : null;
    if (token !== null) {
      const cookie = guard.exchange(token);
      // A link opened twice, or found in the history, still leads the browser that has the cookie to the studio.
      const stranger = cookie ? null : guard.refuseStranger(request.headers);
      if (stranger) return refuse(stranger);
      const { headers } = textAnswer(303, '');
      const setCookie = cookie ? { 'set-cookie': cookie } : {};
      // A strict cookie does not travel along a redirect that began on another site; a refresh begins here.
      const byHand = (request.headers['sec-fetch-site'] ?? 'none') === 'none';
      const onward = byHand ? { location: '/' } : { refresh: '0; url=/' };
      response.writeHead(byHand ? 303 : 200, { ...headers, ...onward, ...setCookie }).end();
      return;
    }
    const refusal = guard.refuseOrigin(request.headers, changes) ?? guard.refuseStranger(request.headers);
    if (refusal) return refuse(refusal);
    await send(response, await answer({ method, path, body: changes ? request : null }), method === 'HEAD');
  }

  http.on('request', (request, response) => {
    respond(request, response).catch(() => response.destroy());
  });

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  const alive = new WeakSet<object>();
  const told = () => options.onConnections?.(sockets.clients.size);

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal =
      guard.refuseHost(request.headers) ??
      guard.refuseOrigin(request.headers, true) ??
      guard.refuseStranger(request.headers);
    const wrongPath = split(request.url).path !== rpcPath;
    if (refusal || wrongPath || sockets.clients.size >= maxSockets) {
      const status = refusal?.status ?? (wrongPath ? 404 : 503);
      socket.end(`HTTP/1.1 ${String(status)} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      alive.add(client);
      client.on('pong', () => alive.add(client));
      client.on('message', () => alive.add(client));
      client.on('close', told);
      client.on('error', () => client.terminate());
      rpc.accept(fromWebSocket(client));
      told();
    });
  });
  const heartbeat = setInterval(() => {
    for (const client of sockets.clients) {
      if (alive.has(client)) {
        alive.delete(client);
        client.ping();
      } else {
        client.terminate();
      }
    }
  }, idleMs / 2);
  heartbeat.unref();

  return {
    port,
    newAddress: () => `http://127.0.0.1:${String(port)}/?token=${guard.renewToken()}`,
    async close() {
      clearInterval(heartbeat);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import type { AnyRouter } from '@orpc/server';
import { WebSocket, WebSocketServer } from 'ws';
import { createClient, openLink } from '#electron/links/connect.ts';
import { fromMessagePort } from '#electron/links/messagePort.ts';
import { isControl, type Port } from '#electron/links/Port.ts';
import { serve } from '#electron/links/serve.ts';
import { fromWebSocket } from '#electron/links/webSocket.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import { AppError } from '#shared/errors/AppError.ts';

/** A router on one side, a client on the other, some pipe between them. */
export interface Connected<Contract extends AnyContractRouter> extends AsyncDisposable {
  readonly client: ContractRouterClient<Contract, Record<never, never>>;
  /** Ends the serving side rudely. */
  breakOff(): void | Promise<void>;
}

const gone = () => new AppError('host/disconnected', 'The other side is gone');

function connected<Contract extends AnyContractRouter>(
  port: Port,
  breakOff: () => void | Promise<void>,
): Connected<Contract> {
  const link = openLink(port, gone);
  return {
    client: createClient<Contract>(link),
    breakOff,
    async [Symbol.asyncDispose]() {
      link.close(gone());
      await breakOff();
    },
  };
}

/** Both ends in this process, over a real MessageChannel, as between a window and Electron's main process. */
export async function overMessageChannel<Contract extends AnyContractRouter>(
  router: AnyRouter,
): Promise<Connected<Contract>> {
  const { port1, port2 } = new MessageChannel();
  serve(router, fromMessagePort(port1));
  return connected(fromMessagePort(port2), () => port1.close());
}

/** The way of a browser, over a real socket on loopback. */
export async function overWebSocket<Contract extends AnyContractRouter>(
  router: AnyRouter,
): Promise<Connected<Contract>> {
  const http = createHttpServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => serve(router, fromWebSocket(socket)));
  const socket = new WebSocket(`ws://127.0.0.1:${String((http.address() as AddressInfo).port)}`);
  await once(socket, 'open');
  return connected(fromWebSocket(socket), async () => {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
    await new Promise<void>((resolve) => http.close(() => resolve()));
  });
}

/** The probe in a real child process, the way the engine runs. */
export async function overNodeChild<Contract extends AnyContractRouter>(): Promise<Connected<Contract>> {
  const child = spawnNodeChild(process.execPath, {
    entry: fileURLToPath(new URL('probeHost.ts', import.meta.url)),
    args: [],
    env: { PATH: process.env['PATH'] ?? '' },
    onOutput: () => undefined,
  });
  await new Promise<void>((resolve) => {
    child.port.onMessage((data) => {
      if (isControl(data) && data.control === 'ready') resolve();
    });
  });
  return connected(child.port, async () => {
    child.kill();
    await child.exited;
  });
}

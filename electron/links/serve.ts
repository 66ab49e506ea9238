import type { AnyRouter } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import { fromWire, toWire } from '#shared/contract/wire.ts';
import { isIterator, mapIterator } from './mapIterator.ts';
import { maxMessageLength, type Port } from './Port.ts';

/** The unexpected is a defect: it is told on stderr with its stack, which never crosses the wire. */
function report(path: readonly string[], thrown: unknown): void {
  if (fromWire(thrown).code === 'internal/unexpected') console.error(`${path.join('.')} failed`, thrown);
}

/** Prepares a router once for any number of ports. */
export function createServer(router: AnyRouter): { accept(port: Port): void } {
  const handler = new StandardRPCHandler(router as never, {
    clientInterceptors: [
      async ({ next, path }) => {
        const onError = (thrown: unknown) => {
          report(path, thrown);
          return toWire(thrown);
        };
        try {
          const output: unknown = await next();
          return isIterator(output) ? mapIterator(output, { onError }) : output;
        } catch (thrown) {
          throw onError(thrown);
        }
      },
    ],
  });
  const handle = createServerPeerHandleRequestFn(handler as never, { context: {} });
  return {
    accept(port) {
      const peer = new ServerPeer(async (message) => {
        if (typeof message === 'string') await port.postMessage(message);
      });
      port.onMessage((data) => {
        if (typeof data !== 'string' || data.length > maxMessageLength) return;
        peer.message(data, handle).catch(() => {
          // Not a message of ours, or the port went away in the middle: there is nobody to answer.
        });
      });
      port.onClose(() => peer.close());
    },
  };
}

/** Serves a router on one port until the other side is gone, which aborts every call that is still running. */
export const serve = (router: AnyRouter, port: Port): void => createServer(router).accept(port);

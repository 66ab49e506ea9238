import { type ClientLink, createORPCClient } from '@orpc/client';
import { StandardRPCLink } from '@orpc/client/standard';
import type { AnyContractRouter, ContractRouterClient } from '@orpc/contract';
import { ClientPeer } from '@orpc/standard-server-peer';
import { fromWire } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { isIterator, mapIterator } from './mapIterator.ts';
import type { Port } from './Port.ts';

type NoContext = Record<never, never>;

/** Carries calls to one process. After `close` every pending and later call fails with the given error. */
export interface Link extends ClientLink<NoContext> {
  close(reason: AppError): void;
  /** Calls and streams that have not ended. */
  readonly pending: number;
}

/** Speaks RPC over a port. `goneAs` makes the error for a port that closes by itself. */
export function openLink(port: Port, goneAs: () => AppError): Link {
  let closed: AppError | null = null;
  let pending = 0;
  const peer = new ClientPeer(async (message) => {
    if (typeof message === 'string') await port.postMessage(message);
  });
  const close = (reason: AppError) => {
    closed ??= reason;
    peer.close({ reason: closed });
  };
  port.onMessage((data) => {
    if (typeof data === 'string') peer.message(data).catch(() => undefined);
  });
  port.onClose(() => close(goneAs()));

  const standard = new StandardRPCLink<NoContext>(
    {
      call: async (request) => {
        const response = await peer.request(request);
        return { ...response, body: async () => response.body };
      },
    },
    { url: 'http://orpc' },
  );
  return {
    close,
    get pending() {
      return pending;
    },
    async call(path, input, options) {
      if (closed) throw closed;
      const asAppError = (thrown: unknown): AppError => {
        if (closed) return closed;
        if (options.signal?.aborted) {
          const reason: unknown = options.signal.reason;
          return reason instanceof AppError ? reason : new AppError('task/cancelled', 'Cancelled');
        }
        return fromWire(thrown);
      };
      const end = () => {
        pending -= 1;
      };
      pending += 1;
      try {
        const output: unknown = await standard.call(path, input, options);
        if (isIterator(output)) return mapIterator(output, { onError: asAppError, onEnd: end });
        end();
        return output;
      } catch (thrown) {
        end();
        throw asAppError(thrown);
      }
    },
  };
}

/** A typed client over a link. Every failure is an {@link AppError}. */
export const createClient = <Contract extends AnyContractRouter>(
  link: ClientLink<NoContext>,
): ContractRouterClient<Contract, NoContext> => createORPCClient(link);

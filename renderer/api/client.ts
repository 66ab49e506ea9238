import {
  type ClientContext,
  type ClientLink,
  type ClientOptions,
  createORPCClient,
  mapEventIterator,
  ORPCError,
} from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#shared/contract/index.ts';
import { fromWire } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { useConnection } from './connection.ts';
import { connect, type Line } from './transport.ts';

const retryDelaysMs = [300, 700, 1_500, 3_000, 5_000, 8_000];

let line: Promise<Line> | null = null;
let attempts = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

const disconnected = (cause?: unknown) => new AppError('host/disconnected', 'The host is gone', { cause });

function openLine(): Promise<Line> {
  const opening = connect();
  line = opening;
  opening.then(
    ({ closed }) => {
      attempts = 0;
      useConnection.setState(({ opened }) => ({ state: 'open', opened: opened + 1 }));
      void closed.then(lost);
    },
    () => lost(),
  );
  return opening;
}

function lost(): void {
  line = null;
  useConnection.setState({ state: 'lost' });
  clearTimeout(retryTimer);
  retryTimer = setTimeout(reconnect, retryDelaysMs[Math.min(attempts++, retryDelaysMs.length - 1)]);
}

/** Tries again now; the page also tries by itself, ever more slowly. */
export function reconnect(): void {
  clearTimeout(retryTimer);
  if (!line) openLine().catch(() => undefined);
}

const toAppError = (thrown: unknown): AppError => {
  if (thrown instanceof ORPCError || thrown instanceof AppError) return fromWire(thrown);
  if (thrown instanceof Error && thrown.name === 'AbortError' && line) return AppError.from(thrown);
  return line && !(thrown instanceof Error && /closed|not open|abort/i.test(thrown.message))
    ? AppError.from(thrown)
    : disconnected(thrown);
};

const isIterator = (value: unknown): value is AsyncIterator<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

const link: ClientLink<ClientContext> = {
  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) {
    try {
      const opened = await (line ?? openLine()).catch((cause: unknown) => {
        throw disconnected(cause);
      });
      const output = await opened.link.call(path, input, options);
      if (!isIterator(output)) return output;
      return mapEventIterator(output, {
        value: async (value) => value,
        error: async (thrown) => toAppError(thrown),
      });
    } catch (thrown) {
      if (options.signal?.aborted) throw new AppError('task/cancelled', 'Cancelled', { cause: thrown });
      throw toAppError(thrown);
    }
  },
};

/** Everything the page may ask of its host. Calls reject with {@link AppError} and nothing else. */
export const client: ContractRouterClient<Contract> = createORPCClient(link);

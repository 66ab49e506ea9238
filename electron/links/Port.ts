import type { HeldMemory } from '#shared/models/heldMemory.ts';

/**
 * Signals between a supervisor and its process, beside the RPC messages (which are strings). `memory` tells the supervisor
 * what to expect; `release` asks the process to give back what nobody uses.
 */
export type Control =
  | { readonly control: 'ready' | 'ping' | 'pong' | 'release' }
  | ({ readonly control: 'memory' } & HeldMemory);

const plain: ReadonlySet<unknown> = new Set(['ready', 'ping', 'pong', 'release']);
const isSize = (value: unknown): boolean => typeof value === 'number' && value >= 0;

export function isControl(data: unknown): data is Control {
  if (typeof data !== 'object' || data === null || !('control' in data)) return false;
  if (plain.has(data.control)) return true;
  if (data.control !== 'memory' || !('heldBytes' in data && 'loadingBytes' in data)) return false;
  return isSize(data.heldBytes) && isSize(data.loadingBytes);
}

/** A two-way pipe of messages. Posting to a closed port does nothing; listeners get whatever arrived, unchecked. */
export interface Port {
  postMessage(message: string | Control): void | Promise<void>;
  onMessage(listener: (data: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
}

/** The largest RPC message taken from the other side, in UTF-16 units. */
export const maxMessageLength = 8 * 1024 * 1024;

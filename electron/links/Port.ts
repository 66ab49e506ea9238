/** Signals between a supervisor and its process, beside the RPC messages (which are strings). */
export interface Control {
  readonly control: 'ready' | 'ping' | 'pong';
}

export const isControl = (data: unknown): data is Control =>
  typeof data === 'object' &&
  data !== null &&
  'control' in data &&
  (data.control === 'ready' || data.control === 'ping' || data.control === 'pong');

/** A two-way pipe of messages. Posting to a closed port does nothing; listeners get whatever arrived, unchecked. */
export interface Port {
  postMessage(message: string | Control): void | Promise<void>;
  onMessage(listener: (data: unknown) => void): void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): void;
}

/** The largest RPC message taken from the other side, in UTF-16 units. */
export const maxMessageLength = 8 * 1024 * 1024;

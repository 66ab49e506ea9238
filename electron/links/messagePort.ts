import type { Port } from './Port.ts';

/** Electron's `MessagePortMain`, as far as it is needed here. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** A port over Electron's `MessagePortMain`. */
export function fromMainPort(port: MainPort): Port {
  let open = true;
  port.on('close', () => {
    open = false;
  });
  return {
    postMessage: (message) => {
      if (open) port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
  };
}

/** A port over a standard `MessagePort` (a page, a worker, Node). */
export function fromMessagePort(port: MessagePort): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', () => listener(), { once: true }),
  };
}

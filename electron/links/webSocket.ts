import type { WebSocket } from 'ws';
import type { Port } from './Port.ts';

/** Above this many unsent bytes a stream waits for the other side to catch up. */
const highWaterBytes = 1024 * 1024;

/** The server's end of a WebSocket. A reader that cannot keep up slows the stream down instead of filling memory. */
export function fromWebSocket(socket: WebSocket): Port {
  return {
    postMessage: async (message) => {
      if (socket.readyState !== socket.OPEN) return;
      const sent = new Promise<void>((resolve) => {
        socket.send(typeof message === 'string' ? message : JSON.stringify(message), () => resolve());
      });
      if (socket.bufferedAmount > highWaterBytes) await sent;
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        if (!isBinary) listener(String(data));
      });
    },
    onClose: (listener) => void socket.once('close', listener),
  };
}

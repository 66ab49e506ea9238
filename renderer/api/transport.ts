import type { ClientContext, ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';

/** An open line to the host, until `closed` settles. */
export interface Line {
  readonly link: ClientLink<ClientContext>;
  readonly closed: Promise<void>;
}

const handshakeMs = 8_000;

/** Asks the preload for a port; see the desktop app's preload script. */
function connectDesktop(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      window.removeEventListener('message', receive);
      reject(new Error('The desktop host did not answer'));
    }, handshakeMs);
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'storyloom:port' || !port) return;
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      const closed = new Promise<void>((settle) => {
        port.addEventListener('close', () => settle());
      });
      port.start();
      resolve({ link: new PortLink({ port }), closed });
    };
    window.addEventListener('message', receive);
    window.postMessage('storyloom:connect', window.location.origin);
  });
}

function connectBrowser(): Promise<Line> {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  const websocket = new WebSocket(`${scheme}://${window.location.host}/rpc`);
  return new Promise((resolve, reject) => {
    const closed = new Promise<void>((settle) => {
      websocket.addEventListener('close', () => {
        settle();
        reject(new Error('The studio server did not answer'));
      });
    });
    websocket.addEventListener('open', () => resolve({ link: new SocketLink({ websocket }), closed }));
  });
}

const isDesktop = (): boolean => window.location.protocol === 'app:';

/** Opens a line to whichever host serves this page. */
export const connect = (): Promise<Line> => (isDesktop() ? connectDesktop() : connectBrowser());

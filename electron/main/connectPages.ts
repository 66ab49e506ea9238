import { ipcMain } from 'electron';
import { fromMainPort } from '../links/messagePort.ts';
import type { createServer } from '../links/serve.ts';
import { pageOrigin } from './origin.ts';

/** Serves RPC on the port that a page sends, if it is the main frame of one of our own pages. */
export function connectPages(server: ReturnType<typeof createServer>): void {
  ipcMain.on('connect', ({ senderFrame, sender, ports: [port] }) => {
    if (!port) return;
    if (senderFrame === null || senderFrame !== sender.mainFrame || senderFrame.origin !== pageOrigin) {
      port.close();
      return;
    }
    server.accept(fromMainPort(port));
    // A page that reloads or dies leaves its port behind.
    const close = () => port.close();
    sender.once('did-start-loading', close);
    sender.once('render-process-gone', close);
    sender.once('destroyed', close);
    port.once('close', () => {
      sender.off('did-start-loading', close);
      sender.off('render-process-gone', close);
      sender.off('destroyed', close);
    });
  });
}

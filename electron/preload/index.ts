import { ipcRenderer } from 'electron';

// The page asks for a connection; it gets a port to the studio in main, and nothing else of Electron.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== 'storyloom:connect') return;
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage('connect', null, [port1]);
  window.postMessage('storyloom:port', window.location.origin, [port2]);
});

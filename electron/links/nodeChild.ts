import type { ChildProcess } from 'node:child_process';
import type { Port } from './Port.ts';

/** The parent's end of a forked Node process. */
export function fromNodeChild(child: ChildProcess): Port {
  return {
    postMessage: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => {
      let told = false;
      const tell = () => {
        if (told) return;
        told = true;
        listener();
      };
      child.on('disconnect', tell);
      child.on('exit', tell);
    },
  };
}

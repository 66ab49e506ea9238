import { app, utilityProcess } from 'electron';
import type { SpawnedProcess, SpawnOptions } from '../services/supervisor/spawn.ts';

/**
 * Starts an Electron utility process. On some native crashes only one of `exit` and `child-process-gone` is told, so
 * both are listened to.
 */
export function spawnUtility(options: SpawnOptions): SpawnedProcess {
  const serviceName = `storyloom-${crypto.randomUUID()}`;
  const child = utilityProcess.fork(options.entry, [...options.args], {
    env: { ...options.env },
    stdio: 'pipe',
    serviceName,
    ...(process.platform === 'darwin' ? { disclaim: true } : {}),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => options.onOutput(chunk));
  }
  const exited = new Promise<string>((resolve) => {
    const gone = (_event: unknown, details: Electron.Details) => {
      if (details.serviceName !== serviceName) return;
      settle(`${details.reason}, exit code ${String(details.exitCode)}`);
    };
    const settle = (reason: string) => {
      app.off('child-process-gone', gone);
      resolve(reason);
    };
    app.on('child-process-gone', gone);
    child.once('exit', (code) => settle(`exit code ${String(code)}`));
  });
  return {
    pid: child.pid,
    port: {
      postMessage: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onClose: (listener) => void exited.then(listener),
    },
    exited,
    ...(process.platform === 'linux' ? {} : { ownMemoryBytes: () => memoryOf(child.pid) }),
    kill: () => {
      if (child.pid === undefined) return;
      try {
        process.kill(child.pid, 'SIGKILL');
      } catch {
        child.kill();
      }
    },
  };
}

/** Private memory where the system tells it (Windows), the working set elsewhere; `null` for a process that is gone. */
function memoryOf(pid: number | undefined): number | null {
  const memory = app.getAppMetrics().find((one) => one.pid === pid)?.memory;
  return memory ? (memory.privateBytes ?? memory.workingSetSize) * 1024 : null;
}

import { fork } from 'node:child_process';
import { fromNodeChild } from '../../links/nodeChild.ts';
import type { SpawnedProcess, SpawnOptions } from './spawn.ts';

/**
 * Starts a plain Node process, `nodePath`. Messages travel as JSON: Electron's and Node's V8 need not agree on the
 * format of structured clones, and RPC messages are strings anyway.
 */
export function spawnNodeChild(nodePath: string, options: SpawnOptions): SpawnedProcess {
  const child = fork(options.entry, options.args, {
    execPath: nodePath,
    execArgv: [],
    env: { ...options.env },
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => options.onOutput(chunk));
  }
  return {
    pid: child.pid,
    port: fromNodeChild(child),
    exited: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${String(code)}`));
    }),
    kill: () => void child.kill('SIGKILL'),
  };
}

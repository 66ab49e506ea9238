import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a work took: on the clock, and on all processors together. */
export interface Taken<Result> {
  readonly ms: number;
  readonly cpuMs: number;
  readonly result: Result;
}

interface Request {
  readonly method: string;
  readonly args: unknown[];
}

/** Serves an engine's methods from a process of its own: threads and memory of one do not meet those of another. */
export function serve<Method extends string>(engine: Record<Method, (...args: never[]) => unknown>): void {
  process.on('message', ({ method, args }: Request) => {
    void (async () => {
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      const result = await (engine as Record<string, (...args: unknown[]) => unknown>)[method]?.(...args);
      const ms = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpu);
      process.send?.({ ms, cpuMs: (user + system) / 1000, result });
    })();
  });
  process.send?.('ready');
}

/** An engine in its process. */
export class Contender implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
  }

  /** Starts a file that calls `serve`; waits until its model is loaded. */
  static async start(name: string, file: URL, args: readonly string[]): Promise<Contender> {
    const child = fork(file, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    });
    await Contender.#answer(name, child);
    return new Contender(name, child);
  }

  async call<Result>(method: string, ...args: unknown[]): Promise<Taken<Result>> {
    this.#child.send({ method, args });
    return (await Contender.#answer(this.name, this.#child)) as Taken<Result>;
  }

  static async #answer(name: string, child: ChildProcess): Promise<unknown> {
    const ended = new AbortController();
    try {
      const [message] = (await Promise.race([
        once(child, 'message', { signal: ended.signal }),
        once(child, 'exit', { signal: ended.signal }).then(() => Promise.reject(new Error(`${name} ended`))),
      ])) as [unknown];
      return message;
    } finally {
      ended.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

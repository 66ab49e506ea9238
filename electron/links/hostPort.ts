import { parseArgs } from 'node:util';
import type { HeldMemory } from '#shared/models/heldMemory.ts';
import { isControl, type Port } from './Port.ts';

/** What a supervised process is told on its command line. */
export interface HostArguments {
  /** User data of the application: models live in `<dataFolder>/models`. */
  readonly dataFolder: string;
  /** Models that came with the application, read only; empty when there are none. */
  readonly builtInModelsFolder: string;
  /** Bytes that models may hold together. */
  readonly modelMemoryBytes: number;
  /** How long an unused model stays in memory; 0 for the usual time. */
  readonly modelIdleMinutes: number;
  /** Scheme and host of the hub that models come from; empty for the official one. */
  readonly modelHub?: string;
}

/** Reads the command line that the supervisor wrote; absent values are empty or 0. */
export function hostArguments(argv: readonly string[] = process.argv.slice(2)): HostArguments {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: {
      'data-folder': { type: 'string' },
      'built-in-models': { type: 'string' },
      'model-memory-bytes': { type: 'string' },
      'model-idle-minutes': { type: 'string' },
      'model-hub': { type: 'string' },
    },
  });
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    dataFolder: text(values['data-folder']),
    builtInModelsFolder: text(values['built-in-models']),
    modelMemoryBytes: Number(text(values['model-memory-bytes'])) || 0,
    modelIdleMinutes: Number(text(values['model-idle-minutes'])) || 0,
    modelHub: text(values['model-hub']),
  };
}

/** `hostArguments`, the other way round. */
export const toHostArguments = (values: HostArguments): string[] => [
  `--data-folder=${values.dataFolder}`,
  `--built-in-models=${values.builtInModelsFolder}`,
  `--model-memory-bytes=${String(values.modelMemoryBytes)}`,
  `--model-idle-minutes=${String(values.modelIdleMinutes)}`,
  `--model-hub=${values.modelHub ?? ''}`,
];

/** Electron's `process.parentPort`, as far as it is needed here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

/** This process's end of the pipe, whichever kind of child it is. */
function openPort(): Port {
  const parentPort = (process as { parentPort?: ParentPort }).parentPort;
  if (parentPort) {
    return {
      postMessage: (message) => parentPort.postMessage(message),
      onMessage: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
      onClose: () => undefined,
    };
  }
  if (!process.send) throw new Error('A host process must be started by its supervisor');
  process.on('disconnect', () => process.exit(0));
  return {
    postMessage: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}

/** The pipe of a supervised process, and what the supervisor wants to know of its memory. */
export interface HostPort extends Port {
  /** Tells the supervisor what the models may take from now on. */
  tellHeld(held: HeldMemory): void;
  /** Called when memory is short and what nobody uses should be given back. */
  onRelease(listener: () => void): void;
}

/**
 * The pipe from a supervised process (engine, imaging) to its parent: give it to `serve`. It answers the supervisor's
 * pings, says "ready" as soon as somebody listens for messages, and ends the process when the parent is gone.
 */
export function openHostPort(): HostPort {
  const port = openPort();
  port.onMessage((data) => {
    if (isControl(data) && data.control === 'ping') void port.postMessage({ control: 'pong' });
  });
  return {
    ...port,
    onMessage: (listener) => {
      port.onMessage((data) => {
        if (!isControl(data)) listener(data);
      });
      void port.postMessage({ control: 'ready' });
    },
    tellHeld: (held) => void port.postMessage({ control: 'memory', ...held }),
    onRelease: (listener) => {
      port.onMessage((data) => {
        if (isControl(data) && data.control === 'release') listener();
      });
    },
  };
}

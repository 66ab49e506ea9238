import { InferenceSession } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';
import type { Device, Placement } from '#shared/models/devices.ts';
import { isOutOfMemory } from './memoryErrors.ts';

export interface SessionOptions {
  readonly device?: Device;
  /**
   * One thread where nothing is said: for small models it beat two on every machine we measured, and it leaves the other
   * cores to the writer.
   */
  readonly threads?: number;
}

/** Opens a graph; weights beside it are found. Errors: model/load-failed, model/damaged, model/out-of-memory. */
export async function openSession(
  file: string,
  { device = 'cpu', threads = 1 }: SessionOptions = {},
): Promise<InferenceSession> {
  if (process.env['ORT_DISABLE_TELEMETRY'] !== '1') {
    throw new AppError('internal/unexpected', 'ORT_DISABLE_TELEMETRY=1 must be set before a model is loaded');
  }
  try {
    return await InferenceSession.create(file, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw loadError(error);
  }
}

/**
 * Opens something on the first device that takes it; the processor is tried last, and told why the others did not.
 * Errors: those of the last one; what is damaged or finds no memory is not tried elsewhere.
 */
export async function openOnFirst<Opened>(
  devices: readonly Device[],
  open: (device: Device, reason: string) => Promise<Opened>,
): Promise<Opened> {
  const said: string[] = [];
  for (const device of devices) {
    if (device === 'cpu') break;
    try {
      return await open(device, '');
    } catch (error) {
      const { code, message } = AppError.from(error);
      if (code !== 'model/load-failed') throw error;
      said.push(`${device}: ${message}`);
    }
  }
  return open('cpu', said.join('; '));
}

/** A graph and where it was opened. */
export interface PlacedSession {
  readonly session: InferenceSession;
  readonly placement: Placement;
}

/** Opens a graph on the first device that takes it. Errors: those of `openSession`. */
export const openPlaced = (
  file: string,
  devices: readonly Device[],
  options: Pick<SessionOptions, 'threads'> = {},
): Promise<PlacedSession> =>
  openOnFirst(devices, async (device, reason) => ({
    session: await openSession(file, { ...options, device }),
    placement: { device, reason },
  }));

/** The numbers of an output. */
export function floatsOf(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the graph has no output ${name}`);
  return data;
}

function loadError(error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error);
  const short = text.split('\n', 1)[0] ?? '';
  if (isOutOfMemory(error)) {
    return new AppError('model/out-of-memory', short, { details: { opening: true }, cause: error });
  }
  if (/protobuf|File doesn't exist|external data|invalid model|not enough|Deserialize/i.test(text)) {
    return new AppError('model/damaged', short, { cause: error });
  }
  return new AppError('model/load-failed', short, { cause: error });
}

/** Wraps an error of a running graph. */
export function runError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = isOutOfMemory(error) ? 'model/out-of-memory' : 'internal/unexpected';
  return new AppError(code, text.split('\n', 1)[0] ?? '', { cause: error });
}

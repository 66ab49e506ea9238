import { InferenceSession } from 'onnxruntime-node';
import { AppError } from '#shared/errors/AppError.ts';

/**
 * Opens a graph on the CPU. One thread: for models of this size it beat two on every machine we measured, and it leaves
 * the other cores to the writer. Errors: model/load-failed, model/damaged, model/out-of-memory.
 */
export async function openSession(file: string): Promise<InferenceSession> {
  if (process.env['ORT_DISABLE_TELEMETRY'] !== '1') {
    throw new AppError('internal/unexpected', 'ORT_DISABLE_TELEMETRY=1 must be set before a model is loaded');
  }
  try {
    return await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw loadError(error);
  }
}

function loadError(error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error);
  const short = text.split('\n', 1)[0] ?? '';
  if (/bad_alloc|failed to allocate|out of memory/i.test(text)) {
    return new AppError('model/out-of-memory', short, { cause: error });
  }
  if (/protobuf|File doesn't exist|external data|invalid model|not enough|Deserialize/i.test(text)) {
    return new AppError('model/damaged', short, { cause: error });
  }
  return new AppError('model/load-failed', short, { cause: error });
}

/** Wraps an error of a running graph. */
export function runError(error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error);
  const code = /bad_alloc|failed to allocate|out of memory/i.test(text)
    ? 'model/out-of-memory'
    : 'internal/unexpected';
  return new AppError(code, text.split('\n', 1)[0] ?? '', { cause: error });
}

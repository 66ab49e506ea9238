import type { ErrorDetails } from '#shared/errors/AppError.ts';
import type { facts } from '../i18n/en/errors.ts';

type FactName = keyof typeof facts;

const names: Readonly<Record<string, FactName>> = {
  file: 'file',
  fileName: 'file',
  folder: 'folder',
  path: 'path',
  name: 'name',
  format: 'format',
  type: 'format',
  model: 'model',
  modelId: 'model',
  models: 'models',
  install: 'models',
  candidates: 'models',
  limit: 'limit',
  limitBytes: 'limit',
  maxPixels: 'limit',
  size: 'size',
  bytes: 'size',
  needed: 'needed',
  neededBytes: 'needed',
  free: 'free',
  freeBytes: 'free',
  reason: 'reason',
};

/** Facts of an error as lines for people, sizes by `sizeOf`; facts that have no word in `facts` are for logs only. */
export function factLines(
  details: ErrorDetails,
  say: (name: FactName, value: string) => string,
  sizeOf: (bytes: number) => string,
): string[] {
  return Object.entries(details).flatMap(([key, value]) => {
    const name = names[key];
    const isSize = typeof value === 'number' && key.endsWith('Bytes');
    const text = isSize ? sizeOf(value) : Array.isArray(value) ? value.join(', ') : String(value ?? '');
    return name === undefined || text === '' ? [] : [say(name, text)];
  });
}

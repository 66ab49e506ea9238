import { AppError } from '#shared/errors/AppError.ts';
import { diskErrorCode } from '#shared/errors/diskErrorCode.ts';

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** Whether a file or folder is simply not there. */
export const isMissing = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown));

/** Whether another program holds the file for a moment (virus scanners, sync tools; mostly on Windows). */
export const isHeldForNow = (thrown: unknown): boolean =>
  ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(thrown));

/** What went wrong with a file, as `disk/full`, `disk/denied` or `disk/failed`. */
export function diskError(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(diskErrorCode(code), message, {
    details: { file, system: code },
    cause: thrown,
  });
}

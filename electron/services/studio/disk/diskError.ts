import { AppError, type ErrorCode } from '#shared/errors/AppError.ts';

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

/** Whether a file or folder is simply not there. */
export const isMissing = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown));

/** Whether another program holds the file for a moment (virus scanners, sync tools; mostly on Windows). */
export const isHeldForNow = (thrown: unknown): boolean =>
  ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(thrown));

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk/full',
  EDQUOT: 'disk/full',
  EACCES: 'disk/denied',
  EPERM: 'disk/denied',
  EROFS: 'disk/denied',
};

/** What went wrong with a file, as `disk/full`, `disk/denied` or `disk/failed`. */
export function diskError(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const code = codeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(codes[code] ?? 'disk/failed', message, {
    details: { file, system: code },
    cause: thrown,
  });
}

import { AppError } from '#shared/errors/AppError.ts';

/** A file system's error in our words; what is an AppError already stays as it is. */
export function diskError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk/full', message, { cause: error });
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return new AppError('disk/denied', message, { cause: error });
  if (/^E[A-Z]+$/.test(code))
    return new AppError('disk/failed', message, { cause: error, details: { code } });
  return AppError.from(error);
}

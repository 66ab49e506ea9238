import { AppError } from '#shared/errors/AppError.ts';
import { diskErrorCode } from '#shared/errors/diskErrorCode.ts';

/** A file system's error in our words; what is an AppError already stays as it is. */
export function diskError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (!/^E[A-Z]+$/.test(code)) return AppError.from(error);
  return new AppError(diskErrorCode(code), message, { cause: error, details: { code } });
}

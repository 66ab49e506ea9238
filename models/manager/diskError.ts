import { AppError } from '#shared/errors/AppError.ts';
import { diskErrorCode } from '#shared/errors/diskErrorCode.ts';

/** The system's code of an error, such as ENOENT; empty where it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** A file system's error in our words; what is an AppError already stays as it is. */
export function diskError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (!/^E[A-Z]+$/.test(code)) return AppError.from(error);
  return new AppError(diskErrorCode(code), message, { cause: error, details: { code } });
}

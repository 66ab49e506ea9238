import type { ErrorCode } from './AppError.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk/full',
  EDQUOT: 'disk/full',
  EACCES: 'disk/denied',
  EPERM: 'disk/denied',
  EROFS: 'disk/denied',
};

/** Our code for an operating system's (`ENOSPC`, `EACCES`, …): `disk/full`, `disk/denied`, else `disk/failed`. */
export const diskErrorCode = (system: string): ErrorCode => codes[system] ?? 'disk/failed';

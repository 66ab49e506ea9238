import { AppError } from '#shared/errors/AppError.ts';
import type { Sessions } from './session.ts';

/** What the sessions need from outside. */
export interface SessionsOptions {
  /** Journals, snapshots and the recent list live here, outside every story. */
  readonly userDataFolder: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Opens stories and keeps them until closed. */
export function createSessions(_options: SessionsOptions): Sessions {
  throw new AppError('host/unsupported', 'Stories cannot be opened yet');
}

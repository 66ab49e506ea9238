import type { Page } from '@playwright/test';

/** The application under test, in whichever host. A profile folder outlives restarts. */
export interface Studio {
  readonly page: Page;
  /** Settings, journals, snapshots. */
  readonly profile: string;
  /** Where new stories go. */
  readonly stories: string;
  /** Everything the processes wrote to stderr so far. */
  log(): string;
  /** Ends the host as a user does, saving; then starts it again on the same profile. */
  restart(): Promise<void>;
  /** Ends the host with SIGKILL and starts it again. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

import type { HostInfo } from '#shared/contract/studio.ts';

/** What a host can do that the studio cannot: the desktop has dialogs, a server has not (`host/unsupported`). */
export interface StudioHost {
  info(): HostInfo;
  chooseFolder(purpose: 'open' | 'create' | 'export'): Promise<string | null>;
  chooseFile(purpose: 'import-pack' | 'export-pack', name: string): Promise<string | null>;
  reveal(path: string): Promise<void>;
  openLink(url: URL): Promise<void>;
}

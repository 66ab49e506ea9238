import type { OpenedStory, RecentStory, SessionId } from '#shared/contract/studio.ts';
import type { Language } from '#shared/story/scene.ts';
import type { StudioHost } from './host.ts';
import type { Sessions } from './session.ts';

/** What the project list needs from outside. */
export interface ProjectsOptions {
  readonly sessions: Sessions;
  readonly userDataFolder: string;
  /** Where new stories go; a function where the writer may change it while the app runs. */
  readonly defaultStoriesFolder: string | (() => string | Promise<string>);
  /** Holds `crystal-guardian-en` and `crystal-guardian-zh`. */
  readonly samplesFolder: string;
  readonly host: StudioHost;
}

/** The `projects` namespace of the contract. */
export interface ProjectsService {
  recent(): Promise<RecentStory[]>;
  forget(input: { folder: string }): Promise<void>;
  create(input: { title: string; language: Language; parentFolder: string | null }): Promise<OpenedStory>;
  open(input: { folder: string }): Promise<OpenedStory>;
  openSample(input: { language: Language }): Promise<OpenedStory>;
  close(input: { sessionId: SessionId }): Promise<void>;
  chooseFolder(input: { purpose: 'open' | 'create' | 'export' }): Promise<string | null>;
  reveal(input: { path: string }): Promise<void>;
}

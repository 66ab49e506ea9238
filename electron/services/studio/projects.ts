import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenedStory, RecentStory, SessionId } from '#shared/contract/studio.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Language } from '#shared/story/scene.ts';
import type { StudioHost } from './host.ts';
import { copyProject, createProject } from './project/createProject.ts';
import { RecentStories } from './project/recentStories.ts';
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

const sampleTitles: Readonly<Record<Language, string>> = { en: 'The Crystal Guardian', zh: '水晶守护者' };

/** Makes, opens, remembers and closes stories. */
export function createProjectsService(options: ProjectsOptions): ProjectsService {
  const { sessions, host, samplesFolder } = options;
  const recent = new RecentStories(options.userDataFolder);
  const now = () => new Date().toISOString();

  const storiesFolder = async (): Promise<string> =>
    typeof options.defaultStoriesFolder === 'string'
      ? options.defaultStoriesFolder
      : options.defaultStoriesFolder();

  /** A list that cannot be written must not keep a story from opening. */
  const remember = (opened: OpenedStory): Promise<void> =>
    recent.remember(opened, now()).catch(() => undefined);

  async function open(folder: string): Promise<OpenedStory> {
    const opened = await sessions.open(folder);
    await remember(opened);
    return withFirstText(opened);
  }

  /** The scene that is shown first comes with its text, so that a window need not ask for it. */
  async function withFirstText(opened: OpenedStory): Promise<OpenedStory> {
    const [first] = sceneOrder(opened.story.outline);
    if (first === undefined) return opened;
    const session = sessions.get(opened.sessionId);
    await session.readTexts([first]).catch(() => undefined);
    return { ...opened, story: session.story, revision: session.revision };
  }

  return {
    async recent() {
      const entries = await recent.list();
      return Promise.all(
        entries.map(async (entry) => ({
          ...entry,
          coverUrl: '',
          exists: await fs.stat(entry.folder).then(
            (stat) => stat.isDirectory(),
            () => false,
          ),
        })),
      );
    },

    async forget({ folder }) {
      await recent.forget(folder);
    },

    async create({ title, language, parentFolder }) {
      return open(await createProject(parentFolder ?? (await storiesFolder()), title, language));
    },

    async open({ folder }) {
      return open(folder);
    },

    async openSample({ language }) {
      const sample = join(samplesFolder, `crystal-guardian-${language}`);
      return open(await copyProject(sample, await storiesFolder(), sampleTitles[language]));
    },

    async close({ sessionId }) {
      const session = sessions.get(sessionId);
      const { folder, story, revision, readOnly } = session;
      await session.close();
      await remember({ sessionId, folder, story, revision, readOnly, notices: [] });
    },

    async chooseFolder({ purpose }) {
      return host.chooseFolder(purpose);
    },

    async reveal({ path }) {
      await host.reveal(path);
    },
  };
}

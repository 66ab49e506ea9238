import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject } from '#electron/services/studio/project/createProject.ts';
import type { Session, Sessions } from '#electron/services/studio/session.ts';
import { createSessions, type SessionsOptions } from '#electron/services/studio/sessions.ts';
import type { OpenedStory, StoryEvent } from '#shared/contract/studio.ts';
import type { Command } from '#shared/story/commands.ts';
import { createScene } from '#shared/story/create.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Scene } from '#shared/story/scene.ts';

/** A folder for stories and one for user data, removed afterwards; sessions save only when told to. */
export class Desk implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'storyloom-store-'));
  readonly userDataFolder = join(this.root, 'user data');
  readonly storiesFolder = join(this.root, 'stories');
  readonly #started: Sessions[] = [];

  sessions(options: Partial<SessionsOptions> = {}): Sessions {
    const sessions = createSessions({
      userDataFolder: this.userDataFolder,
      autosave: false,
      watch: false,
      ...options,
    });
    this.#started.push(sessions);
    return sessions;
  }

  /** A new story on the disk. */
  async story(title = 'The Quiet Sea'): Promise<string> {
    return createProject(this.storiesFolder, title, 'en');
  }

  async open(
    folder: string,
    options: Partial<SessionsOptions> = {},
  ): Promise<{ session: Session; sessions: Sessions; opened: OpenedStory }> {
    const sessions = this.sessions(options);
    const opened = await sessions.open(folder);
    return { sessions, opened, session: sessions.get(opened.sessionId) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#started.map((sessions) => sessions.closeAll()));
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Applies commands to what the session has now. */
export const act = (session: Session, ...commands: Command[]): Promise<number> =>
  session.apply(session.revision, commands);

/** Adds a scene at the end and resolves to its id. */
export async function addScene(session: Session, fields: Partial<Scene> = {}): Promise<SceneId> {
  const scene = createScene({ lang: 'en', title: 'Arrival', ...fields });
  const index = session.story.outline.length;
  await act(session, { kind: 'scene.add', scene, parentId: null, index });
  return scene.id;
}

/** Types at the end of a scene. */
export async function type(session: Session, id: SceneId, inserted: string): Promise<void> {
  const text = (await session.readTexts([id])).get(id) ?? '';
  await act(session, { kind: 'text.edit', id, edits: [{ at: text.length, removed: '', inserted }] });
}

/** The next event of one type. */
export async function nextEvent<Type extends StoryEvent['type']>(
  events: AsyncGenerator<StoryEvent>,
  wanted: Type,
): Promise<Extract<StoryEvent, { type: Type }>> {
  for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }) {
    if (event.type === wanted) return event as Extract<StoryEvent, { type: Type }>;
  }
  throw new Error(`The events ended without ${wanted}`);
}

export const manifestOf = async (folder: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, 'story.json'), 'utf8')) as Record<string, unknown>;

/** The one scene file whose name contains `part`, relative to the folder. */
export async function sceneFile(folder: string, part: string): Promise<string> {
  const files = Object.keys((await manifestOf(folder))['files'] as object);
  const [path] = files.filter(
    (file) => file.startsWith('scenes/') && file.endsWith('.md') && file.includes(part),
  );
  if (path === undefined) throw new Error(`No scene file like ${part}`);
  return path;
}

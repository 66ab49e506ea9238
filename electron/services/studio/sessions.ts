import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type OpenedStory,
  type OpenNotice,
  type ReadOnlyReason,
  SessionId,
} from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { createId } from '#shared/story/ids.ts';
import { currentMigrations, type Migration } from '#shared/story/migrations/index.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import { currentFormatVersion } from '#shared/story/story.ts';
import type { DiskCalls } from './disk/atomicSave.ts';
import { diskError, isMissing } from './disk/diskError.ts';
import { manifestPath } from './files/manifestFile.ts';
import { Journal } from './journal/Journal.ts';
import { ProjectLock } from './lock/ProjectLock.ts';
import { OpenSession } from './open/OpenSession.ts';
import { openMigrated } from './open/openMigrated.ts';
import { recover } from './open/recover.ts';
import { readFileIndex } from './project/fileIndex.ts';
import { countWords, loadProject } from './project/loadProject.ts';
import { prepareFolder, sweepFolder } from './project/prepareFolder.ts';
import { createDiskSource, imageNames } from './project/projectSource.ts';
import { renderStory } from './project/renderStory.ts';
import { StoryFolder } from './project/StoryFolder.ts';
import type { Sessions } from './session.ts';
import { SnapshotStore } from './snapshot/SnapshotStore.ts';

/** What the sessions need from outside. */
export interface SessionsOptions {
  /** Journals, snapshots and the recent list live here, outside every story. */
  readonly userDataFolder: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Save by themselves 1.5 s after a change; on unless `false`. */
  readonly autosave?: boolean;
  /** Watch the folders for outside changes; on unless `false`. */
  readonly watch?: boolean;
  /** At the latest so long after a change a snapshot is made. */
  readonly snapshotIntervalMs?: number;
  /** Above it a story's oldest snapshots go. */
  readonly snapshotLimitBytes?: number;
  /** The calls that write story files: a seam to make them fail. */
  readonly disk?: DiskCalls;
  /** Steps from older file formats; the built-in ones unless given. */
  readonly migrations?: readonly Migration[];
}

const defaultSnapshotIntervalMs = 5 * 60 * 1000;
const defaultSnapshotLimitBytes = 1024 ** 3;

/** Tells one save from the next: every save renames a new manifest into place, last of all its files. */
const manifestStamp = (folder: string): Promise<string> =>
  fs.stat(join(folder, manifestPath), { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${String(ino)} ${String(mtimeNs)} ${String(size)}`,
    () => '',
  );

/** Opens stories and keeps them until closed. */
export function createSessions(options: SessionsOptions): Sessions {
  const now = options.clock ?? Date.now;
  const open = new Map<SessionId, OpenSession>();
  const opening = new Map<string, Promise<OpenSession>>();

  const writerOf = (folder: string): OpenSession | undefined =>
    Array.from(open.values()).find((session) => session.folder === folder && session.readOnly === null);

  async function realFolder(folder: string): Promise<string> {
    try {
      const real = await fs.realpath(folder);
      if ((await fs.stat(real)).isDirectory()) return real;
    } catch (thrown) {
      if (!isMissing(thrown)) throw diskError(thrown, folder);
      throw new AppError('project/not-found', 'The folder is not there', {
        details: { folder },
        cause: thrown,
      });
    }
    throw new AppError('project/not-a-story', 'That is a file, not a story folder', { details: { folder } });
  }

  async function lockFor(folder: string): Promise<ProjectLock | ReadOnlyReason> {
    try {
      await fs.access(folder, fs.constants.W_OK);
      await prepareFolder(folder);
      const lock = await ProjectLock.take(folder, createId(), now);
      if (lock === null) return 'open-elsewhere';
      await sweepFolder(folder).catch(async (thrown: unknown) => {
        await lock.release();
        throw thrown;
      });
      return lock;
    } catch (thrown) {
      const error = diskError(thrown, folder);
      if (error.code === 'disk/denied') return 'folder-read-only';
      throw error;
    }
  }

  async function load(folder: string): Promise<OpenSession> {
    const source = createDiskSource(folder);
    const read = async () => {
      const index = await readFileIndex(folder);
      return loadProject(source, { index, keepsTexts: false, storyId: index?.storyId ?? null });
    };
    const stamp = await manifestStamp(folder);
    const first = await read();
    const isNewer = first.format > currentFormatVersion;
    const locked = isNewer ? 'newer-version' : await lockFor(folder);
    const lock = typeof locked === 'string' ? null : locked;
    const readOnly = typeof locked === 'string' ? locked : null;
    try {
      if (lock === null || (await manifestStamp(folder)) === stamp) {
        return await assemble(folder, first, lock, readOnly);
      }
      // Who held the lock until now has saved since the first look.
      const latest = await read();
      if (latest.format <= currentFormatVersion) return await assemble(folder, latest, lock, readOnly);
      await lock.release();
      return await assemble(folder, latest, null, 'newer-version');
    } catch (thrown) {
      await lock?.release();
      throw thrown;
    }
  }

  async function assemble(
    path: string,
    first: Awaited<ReturnType<typeof loadProject>>,
    lock: ProjectLock | null,
    readOnly: ReadOnlyReason | null,
  ): Promise<OpenSession> {
    const store = new SnapshotStore({
      userDataFolder: options.userDataFolder,
      storyId: first.story.id,
      now,
      limitBytes: options.snapshotLimitBytes ?? defaultSnapshotLimitBytes,
    });
    const { loaded, migrated } = await openMigrated(
      path,
      first,
      { store, userDataFolder: options.userDataFolder, isWritable: readOnly === null },
      options.migrations ?? currentMigrations,
    );
    const folder = new StoryFolder(path, loaded, {
      writer: randomBytes(4).toString('hex'),
      now,
      ...(options.disk ? { disk: options.disk } : {}),
    });
    const notices: OpenNotice[] = [...loaded.notices, ...(migrated ? [migrated] : [])];
    const images = await imageNames(path);
    for (const { file } of Object.values(loaded.story.images)) {
      if (!images.has(file)) notices.push({ kind: 'missing-image', file });
    }
    let story = loaded.story;
    const journal =
      readOnly === null ? await Journal.open(options.userDataFolder, path, loaded.story.id) : null;
    if (journal && journal.left.length > 0) {
      const recovered = await recover(folder, story, journal.left, async (onDisk) => {
        const { id } = await store.create({
          name: '',
          reason: 'recovery',
          words: countWords(onDisk),
          scenes: sceneOrder(onDisk.outline).length,
          files: await renderStory(folder, onDisk),
        });
        return id;
      });
      if (recovered) {
        story = recovered.story;
        notices.unshift({
          kind: 'recovered',
          commands: recovered.commands,
          snapshotId: recovered.snapshotId,
        });
      } else {
        story = folder.saved;
        await journal.discardThrough(journal.generation - 1);
      }
    }
    const session = new OpenSession({
      id: SessionId.parse(randomBytes(16).toString('hex')),
      folder,
      story,
      readOnly,
      notices,
      journal,
      lock,
      store,
      now,
      snapshotIntervalMs: options.snapshotIntervalMs ?? defaultSnapshotIntervalMs,
      autosave: options.autosave ?? true,
      watch: options.watch ?? true,
    });
    for (const { sceneId, path: copy } of loaded.syncCopies) await session.noteSyncCopy(sceneId, copy);
    return session;
  }

  const opened = (session: OpenSession): OpenedStory => ({
    sessionId: session.id,
    folder: session.folder,
    story: session.story,
    revision: session.revision,
    readOnly: session.readOnly,
    notices: [...session.notices],
  });

  /** A window that is reloaded finds its story again; one beside it may only read. */
  async function leftByItsWindow(session: OpenSession): Promise<boolean> {
    for (let waited = 0; session.isFollowed && waited < 500; waited += 50) await delay(50);
    return !session.isFollowed;
  }

  return {
    get(id) {
      const session = open.get(id);
      if (!session) throw new AppError('project/closed', 'The story is closed');
      return session;
    },

    async open(path) {
      const folder = await realFolder(path);
      await opening.get(folder)?.catch(() => undefined);
      const writer = writerOf(folder);
      if (writer && (await leftByItsWindow(writer))) return opened(writer);
      const loading = load(folder);
      opening.set(folder, loading);
      try {
        const session = await loading;
        const close = session.close.bind(session);
        session.close = async () => {
          open.delete(session.id);
          await close();
        };
        open.set(session.id, session);
        return opened(session);
      } finally {
        if (opening.get(folder) === loading) opening.delete(folder);
      }
    },

    async closeAll() {
      const closed = await Promise.allSettled(Array.from(open.values(), (session) => session.close()));
      const failed = closed.find((result) => result.status === 'rejected');
      if (failed) throw AppError.from(failed.reason);
    },
  };
}

import type {
  Conflict,
  OpenNotice,
  ReadOnlyReason,
  SessionId,
  SnapshotInfo,
  StoryEvent,
} from '#shared/contract/studio.ts';
import { ErrorReportSchema } from '#shared/contract/wire.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { sceneOrder } from '#shared/story/outline.ts';
import type { Scene } from '#shared/story/scene.ts';
import type { Story } from '#shared/story/story.ts';
import { editBetween } from '#shared/story/textEdit.ts';
import { countText } from '#shared/text/counts.ts';
import { Broadcast } from '../app/Broadcast.ts';
import { sha256 } from '../disk/atomicSave.ts';
import type { Journal } from '../journal/Journal.ts';
import { JournalBases } from '../journal/JournalBases.ts';
import { scenesNeeded } from '../journal/touched.ts';
import { type ProjectLock, refuseToWrite } from '../lock/ProjectLock.ts';
import { writeFileIndex } from '../project/fileIndex.ts';
import { countWords, loadProject } from '../project/loadProject.ts';
import { indexEntries, renderStory } from '../project/renderStory.ts';
import type { ChangedOutside, StoryFolder } from '../project/StoryFolder.ts';
import type { Session, SessionSnapshots } from '../session.ts';
import type { SnapshotStore } from '../snapshot/SnapshotStore.ts';
import { Autosave, defaultAutosave } from './autosave.ts';
import { type OutsideWatch, watchOutside } from './outsideWatch.ts';
import { planOutside } from './planOutside.ts';

/** What an open session is made of. */
export interface SessionParts {
  readonly id: SessionId;
  readonly folder: StoryFolder;
  readonly story: Story;
  readonly readOnly: ReadOnlyReason | null;
  readonly notices: readonly OpenNotice[];
  /** `null` in a session that only reads. */
  readonly journal: Journal | null;
  readonly lock: ProjectLock | null;
  readonly store: SnapshotStore;
  readonly now: () => number;
  readonly snapshotIntervalMs: number;
  readonly autosave: boolean;
  readonly watch: boolean;
}

interface OpenConflict {
  readonly conflict: Conflict;
  /** Hash of their version at the scene's own path; `null` where it stands in a copy by a sync tool. */
  readonly theirHash: string | null;
  readonly path: string;
}

/** See {@link Session}. One writer at a time; saves, outside changes and snapshots take turns. */
export class OpenSession implements Session {
  readonly id: SessionId;
  readonly notices: readonly OpenNotice[];
  readonly snapshots: SessionSnapshots;
  readonly #parts: SessionParts;
  readonly #folder: StoryFolder;
  readonly #journal: Journal | null;
  readonly #bases: JournalBases;
  readonly #events = new Broadcast<StoryEvent>();
  readonly #autosave: Autosave;
  readonly #conflicts = new Map<SceneId, OpenConflict>();
  readonly #emptied = new Set<SceneId>();
  #watch: OutsideWatch | null = null;
  #story: Story;
  #revision = 0;
  #readOnly: ReadOnlyReason | null;
  #closing: Promise<void> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #followers = 0;
  #snapshotTimer: NodeJS.Timeout | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.notices = parts.notices;
    this.#folder = parts.folder;
    this.#story = parts.story;
    this.#readOnly = parts.readOnly;
    this.#journal = parts.journal;
    this.#bases = new JournalBases(parts.folder);
    this.#autosave = new Autosave({ ...defaultAutosave, save: async () => void (await this.save()) });
    this.snapshots = {
      list: () => parts.store.list(),
      create: (name, reason) => this.#createSnapshot(name, reason),
      read: (snapshotId) => this.#readSnapshot(snapshotId),
    };
    if (parts.watch) {
      this.#watch = watchOutside(this.folder, () => {
        this.reconcile().catch(() => undefined);
      });
    }
    if (this.#unsaved) this.#changed();
  }

  get folder(): string {
    return this.#folder.folder;
  }
  get story(): Story {
    return this.#story;
  }
  get revision(): number {
    return this.#revision;
  }
  get readOnly(): ReadOnlyReason | null {
    return this.#readOnly;
  }
  /** Whether a window follows this session. */
  get isFollowed(): boolean {
    return this.#followers > 0;
  }
  get #unsaved(): boolean {
    return this.#readOnly === null && this.#folder.hasUnsaved(this.#story);
  }

  #checkOpen(): void {
    if (this.#closing) throw new AppError('project/closed', 'The story is closed');
  }

  /** Saves, outside changes and snapshots one after the other. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async readTexts(sceneIds: readonly SceneId[]): Promise<ReadonlyMap<SceneId, string>> {
    const unread = sceneIds.filter((id) => this.#story.scenes[id]?.text === null);
    const read = new Map<SceneId, string>();
    for (let at = 0; at < unread.length; at += 32) {
      await Promise.all(
        unread.slice(at, at + 32).map(async (id) => {
          read.set(id, (await this.#folder.readScene(id, this.#story)).text);
        }),
      );
    }
    this.#takeTexts(read);
    return new Map(
      sceneIds.flatMap((id) => {
        const scene = this.#story.scenes[id];
        return scene ? [[id, scene.text ?? ''] as const] : [];
      }),
    );
  }

  /** Puts texts into memory; a scene that was saved stays saved. */
  #takeTexts(texts: ReadonlyMap<SceneId, string>): void {
    const scenes = { ...this.#story.scenes };
    const savedScenes = { ...this.#folder.saved.scenes };
    for (const [id, text] of texts) {
      const scene = scenes[id];
      if (!scene || scene.text !== null) continue;
      const whole: Scene = { ...scene, text, counts: countText(text) };
      const saved = savedScenes[id];
      if (saved === scene) savedScenes[id] = whole;
      else if (saved && saved.text === null) savedScenes[id] = { ...saved, text };
      scenes[id] = whole;
    }
    const wasSaved = this.#story === this.#folder.saved;
    this.#story = { ...this.#story, scenes };
    this.#folder.saved = wasSaved ? this.#story : { ...this.#folder.saved, scenes: savedScenes };
  }

  async apply(baseRevision: number, commands: readonly Command[]): Promise<number> {
    this.#checkOpen();
    if (this.#readOnly !== null) refuseToWrite(this.#readOnly);
    const needed = commands.flatMap((command) => scenesNeeded(this.#story, command));
    if (needed.length > 0) await this.readTexts(needed);
    this.#checkOpen();
    if (baseRevision !== this.#revision) {
      throw new AppError('story/conflict', 'The story has changed since', {
        details: { revision: this.#revision },
      });
    }
    const journaled = this.#perform(commands);
    const revision = this.#revision;
    await journaled;
    return revision;
  }

  /** Applies at once; resolves when journaled. Throws `story/invalid-command` and changes nothing. */
  #perform(commands: readonly Command[]): Promise<void> {
    const before = this.#story;
    const after = applyCommands(before, commands).story;
    const bases = this.#bases.needed(before, commands);
    this.#story = after;
    this.#revision += 1;
    for (const command of commands) {
      if (command.kind === 'text.edit' && after.scenes[command.id]?.text?.trim() === '') {
        this.#emptied.add(command.id);
      }
    }
    this.#changed();
    return this.#journalOrSave([...bases, { t: 'do', commands: [...commands] }]);
  }

  async #journalOrSave(records: Parameters<Journal['append']>[0]): Promise<void> {
    try {
      await this.#journal?.append(records);
    } catch (thrown) {
      this.#bases.forget();
      await this.#journal?.rotate();
      await this.save().catch(() => {
        throw thrown;
      });
    }
  }

  #changed(): void {
    if (this.#parts.autosave) this.#autosave.touch();
    this.#snapshotTimer ??= setTimeout(() => {
      this.#snapshotTimer = null;
      this.#createSnapshot('', 'interval').catch(() => undefined);
    }, this.#parts.snapshotIntervalMs).unref();
  }

  save(): Promise<{ revision: number; at: string }> {
    if (this.#readOnly !== null) return Promise.resolve(this.#savedNow(this.#revision));
    return this.#inTurn(() => this.#save());
  }

  #savedNow(revision: number): { revision: number; at: string } {
    return { revision, at: new Date(this.#parts.now()).toISOString() };
  }

  async #save(): Promise<{ revision: number; at: string }> {
    if (!this.#unsaved) return this.#savedNow(this.#revision);
    this.#events.publish({ type: 'saving' });
    try {
      const result = await this.#write();
      this.#events.publish({ type: 'saved', ...result });
      return result;
    } catch (thrown) {
      const error = AppError.from(thrown);
      this.#events.publish({ type: 'save-failed', error: ErrorReportSchema.parse(error.toReport()) });
      if (error.code !== 'story/conflict' && error.code !== 'project/read-only') this.#autosave.touch();
      throw error;
    }
  }

  async #write(): Promise<{ revision: number; at: string }> {
    if (this.#parts.lock && !(await this.#parts.lock.isHeld())) {
      this.#becomeReadOnly('open-elsewhere');
      refuseToWrite('open-elsewhere');
    }
    const complete = (await this.#journal?.rotate()) ?? 0;
    this.#bases.forget();
    const story = this.#story;
    const revision = this.#revision;
    const changed = await this.#folder.save({
      story,
      emptied: new Set(this.#emptied),
      skip: new Set(this.#conflicts.keys()),
      announce: (files) => this.#announce(complete, files),
    });
    this.#bases.saving(null);
    for (const outside of changed) await this.#openConflict(outside);
    if (this.#conflicts.size === 0) {
      await this.#journal?.discardThrough(complete).catch(() => undefined);
      this.#emptied.clear();
    }
    if (this.#story === story) {
      if (changed.length === 0 && this.#conflicts.size === 0) this.#story = this.#folder.saved;
      this.#autosave.settle();
    }
    if (changed.length > 0) {
      throw new AppError('story/conflict', 'A scene was changed outside', {
        details: { sceneIds: changed.map(({ sceneId }) => sceneId) },
      });
    }
    return this.#savedNow(revision);
  }

  /**
   * Tells the journal what a save is about to write, so that a crash in it is not taken for somebody else's work.
   * A journal that cannot be written does not keep the story from being saved.
   */
  async #announce(complete: number, files: Readonly<Record<string, string | null>>): Promise<void> {
    const intent = { t: 'intent', files: { ...files } } as const;
    this.#bases.saving(files);
    try {
      await this.#journal?.note(complete, intent);
      if (this.#bases.hasStarted) await this.#journal?.append([intent]);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
    }
  }

  #becomeReadOnly(reason: ReadOnlyReason): void {
    this.#readOnly = reason;
    this.#autosave.stop();
    this.#events.publish({ type: 'read-only', reason });
  }

  async #openConflict(outside: ChangedOutside): Promise<void> {
    const mine = this.#story.scenes[outside.sceneId]?.text ?? null;
    if (mine === null) {
      this.#folder.accept(outside.path, sha256(outside.theirs));
      return;
    }
    const theirs = this.#folder.theirText(outside);
    const keptAs = await this.#folder.keepTheirs(outside);
    this.#publishConflict(outside.path, sha256(outside.theirs), {
      sceneId: outside.sceneId,
      mine,
      theirs,
      keptAs,
    });
  }

  #publishConflict(path: string, theirHash: string | null, conflict: Conflict): void {
    this.#conflicts.set(conflict.sceneId, { conflict, theirHash, path });
    this.#events.publish({ type: 'conflict', conflict });
  }

  /** A copy that a sync tool left beside a scene's file. */
  async noteSyncCopy(sceneId: SceneId, path: string): Promise<void> {
    const mine = (await this.readTexts([sceneId])).get(sceneId) ?? '';
    const theirs = await this.#folder.textAt(path);
    if (theirs === null || theirs === mine || this.#conflicts.has(sceneId)) return;
    this.#publishConflict(path, null, { sceneId, mine, theirs, keptAs: path });
  }

  async resolveConflict(sceneId: SceneId, text: string): Promise<void> {
    this.#checkOpen();
    if (this.#readOnly !== null) refuseToWrite(this.#readOnly);
    const open = this.#conflicts.get(sceneId);
    if (!open) throw new AppError('input/invalid', 'The scene has no conflict');
    await this.readTexts([sceneId]);
    await this.#inTurn(async () => {
      if (open.theirHash === null) await this.#folder.putAside(open.path);
      else this.#folder.accept(open.path, open.theirHash);
      this.#conflicts.delete(sceneId);
      const edit = editBetween(this.#story.scenes[sceneId]?.text ?? '', text);
      if (edit) await this.#performOutside([{ kind: 'text.edit', id: sceneId, edits: [edit] }]);
    });
    await this.save();
  }

  /** Applies commands that no window made, and tells the windows. */
  async #performOutside(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
    const journaled = this.#perform(commands);
    this.#events.publish({ type: 'outside-change', commands: [...commands], revision: this.#revision });
    await journaled;
  }

  /** Looks at the files and brings in what somebody else changed there. Errors: disk/*. */
  reconcile(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closing) return;
      const saved = this.#folder.saved;
      const loaded = await loadProject(this.#folder.source, {
        index: { entries: indexEntries(this.#folder) },
        keepsTexts: true,
        storyId: saved.id,
      });
      if (!this.#folder.differsFrom(loaded)) return;
      const plan = await planOutside(this.#folder, this.#story, loaded, async (hash) =>
        this.#parts.store.read(hash),
      );
      if (this.#folder.saved !== saved) return;
      this.#adopt(plan, loaded);
      for (const outside of plan.conflicts) {
        if (this.#conflicts.get(outside.sceneId)?.theirHash !== sha256(outside.theirs)) {
          await this.#openConflict(outside);
        }
      }
      for (const { sceneId, path } of loaded.syncCopies) await this.noteSyncCopy(sceneId, path);
    });
  }

  #adopt(
    plan: Awaited<ReturnType<typeof planOutside>>,
    loaded: Awaited<ReturnType<typeof loadProject>>,
  ): void {
    const { commands, resurrect } = plan;
    const isWritable = this.#readOnly === null;
    if (commands.length > 0) {
      this.#story = applyCommands(this.#story, commands).story;
      this.#revision += 1;
    }
    this.#story = this.#folder.take(this.#story, plan.merged, loaded);
    for (const { id, text } of resurrect) {
      const scene = this.#story.scenes[id];
      if (scene)
        this.#story = { ...this.#story, scenes: { ...this.#story.scenes, [id]: { ...scene, text } } };
    }
    if (commands.length > 0) {
      this.#events.publish({ type: 'outside-change', commands, revision: this.#revision });
    }
    if (isWritable && this.#unsaved) this.#changed();
  }

  events(signal?: AbortSignal): AsyncGenerator<StoryEvent> {
    const open: StoryEvent[] = Array.from(this.#conflicts.values(), ({ conflict }) => ({
      type: 'conflict',
      conflict,
    }));
    this.#followers += 1;
    const stream = this.#events.follow(open, signal);
    const left = () => {
      this.#followers -= 1;
    };
    let hasLeft = false;
    const leaveOnce = () => {
      if (!hasLeft) left();
      hasLeft = true;
    };
    signal?.addEventListener('abort', leaveOnce, { once: true });
    async function* followed() {
      try {
        yield* stream;
      } finally {
        leaveOnce();
      }
    }
    return followed();
  }

  async #createSnapshot(name: string, reason: SnapshotInfo['reason']): Promise<SnapshotInfo> {
    try {
      return await this.#inTurn(() => this.#snapshot(name, reason));
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'story/conflict') throw thrown;
      await this.reconcile();
      return this.#inTurn(() => this.#snapshot(name, reason));
    }
  }

  async #snapshot(name: string, reason: SnapshotInfo['reason']): Promise<SnapshotInfo> {
    const story = this.#story;
    const info = await this.#parts.store.create({
      name,
      reason,
      words: countWords(story),
      scenes: sceneOrder(story.outline).length,
      files: await renderStory(this.#folder, story),
    });
    if (this.#snapshotTimer && this.#story === story) {
      clearTimeout(this.#snapshotTimer);
      this.#snapshotTimer = null;
    }
    return info;
  }

  async #readSnapshot(snapshotId: string): Promise<Story> {
    const source = await this.#parts.store.open(snapshotId);
    return (await loadProject(source, { keepsTexts: true, storyId: this.#story.id })).story;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#autosave.stop();
    await this.#watch?.close();
    if (this.#snapshotTimer) clearTimeout(this.#snapshotTimer);
    const hadChanges = this.#snapshotTimer !== null;
    let failure: unknown = null;
    if (this.#readOnly === null) {
      await this.save().catch((thrown: unknown) => {
        failure = thrown;
      });
      if (hadChanges || (await this.#parts.store.list()).length === 0) {
        await this.#inTurn(() => this.#snapshot('', 'close')).catch(() => undefined);
      }
      await writeFileIndex(this.folder, {
        version: 1,
        storyId: this.#story.id,
        entries: indexEntries(this.#folder),
      }).catch(() => undefined);
    }
    await this.#turn;
    await this.#journal?.close().catch(() => undefined);
    await this.#parts.lock?.release();
    if (failure !== null && !(failure instanceof AppError && failure.code === 'story/conflict'))
      throw AppError.from(failure);
  }
}

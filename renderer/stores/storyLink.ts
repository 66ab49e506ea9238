import type { Conflict, OpenedStory, ReadOnlyReason, StoryEvent } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import type { SceneId } from '#shared/story/ids.ts';
import type { Story } from '#shared/story/story.ts';
import { countText } from '#shared/text/counts.ts';
import { client } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { CommandQueue } from './commandQueue.ts';
import type { History } from './history.ts';
import { rebaseHistory, rebasePending } from './rebase.ts';
import type { SaveState } from './saveState.ts';

export interface StoryLinkEvents {
  changed(story: Story, revision: number): void;
  /** Somebody else changed the story; the history has to follow. */
  foreign(rebase: (history: History) => History): void;
  saveState(state: SaveState): void;
  readOnly(reason: ReadOnlyReason): void;
  conflict(conflict: Conflict): void;
  reopened(opened: OpenedStory): void;
}

const conflictWaitMs = 1_500;

const withTexts = (story: Story, texts: ReadonlyMap<SceneId, string>): Story => {
  const scenes = { ...story.scenes };
  for (const [id, text] of texts) {
    const scene = scenes[id];
    if (scene && scene.text === null) scenes[id] = { ...scene, text, counts: countText(text) };
  }
  return { ...story, scenes };
};

/** Foreign edits of texts that were never read here change nothing here. */
const applicable = (story: Story, commands: readonly Command[]): Command[] =>
  commands.filter(
    (command) => command.kind !== 'text.edit' || typeof story.scenes[command.id]?.text === 'string',
  );

/** Keeps the window's copy of an open story and the host's in step: optimistic here, authoritative there. */
export class StoryLink {
  #opened: OpenedStory;
  readonly #events: StoryLinkEvents;
  readonly #queue: CommandQueue;
  readonly #ended = new AbortController();
  /** The story without what is still on its way. */
  #confirmed: Story;
  #current: Story;
  #outside: Extract<StoryEvent, { type: 'outside-change' }>[] = [];
  #outsideArrived: (() => void) | null = null;
  readonly #unsubscribe: () => void;

  constructor(opened: OpenedStory, events: StoryLinkEvents) {
    this.#opened = opened;
    this.#events = events;
    this.#confirmed = opened.story;
    this.#current = opened.story;
    this.#queue = new CommandQueue(opened.revision, {
      send: async (baseRevision, commands) =>
        (
          await client.story.apply({
            sessionId: this.#opened.sessionId,
            baseRevision,
            commands: [...commands],
          })
        ).revision,
      confirmed: (commands, revision) => this.#confirm(commands, revision),
      conflict: (error) => this.#catchUp(error),
      failed: (error) => events.saveState({ kind: 'failed', error }),
    });
    void this.#watch();
    this.#unsubscribe = useConnection.subscribe((now, before) => {
      if (now.opened > before.opened) void this.#watch();
    });
  }

  stop(): void {
    this.#ended.abort();
    this.#queue.stop();
    this.#unsubscribe();
  }

  /** `next` is the current story with `commands` applied. */
  push(commands: readonly Command[], next: Story): void {
    this.#current = next;
    this.#queue.push(commands);
    this.#events.changed(next, this.#queue.revision);
    this.#events.saveState({ kind: 'changed' });
  }

  async flush(): Promise<void> {
    await this.#queue.flush();
  }

  async save(): Promise<boolean> {
    try {
      await this.#queue.flush();
      const { at } = await client.story.save({ sessionId: this.#opened.sessionId });
      if (this.#queue.isIdle) this.#events.saveState({ kind: 'saved', at });
      return true;
    } catch (thrown) {
      this.#events.saveState({ kind: 'failed', error: AppError.from(thrown) });
      return false;
    }
  }

  async loadTexts(sceneIds: readonly SceneId[]): Promise<void> {
    const missing = sceneIds.filter((id) => this.#current.scenes[id]?.text === null);
    if (missing.length === 0) return;
    const read = await client.story.readTexts({ sessionId: this.#opened.sessionId, sceneIds: missing });
    const texts = new Map(read.map(({ sceneId, text }) => [sceneId, text]));
    this.#confirmed = withTexts(this.#confirmed, texts);
    this.#show(withTexts(this.#current, texts));
  }

  async resolveConflict(sceneId: SceneId, text: string): Promise<void> {
    await this.#queue.flush();
    await client.story.resolveConflict({ sessionId: this.#opened.sessionId, sceneId, text });
  }

  #show(story: Story): void {
    this.#current = story;
    this.#events.changed(story, this.#queue.revision);
  }

  #confirm(commands: readonly Command[], revision: number): void {
    this.#confirmed = applyCommands(this.#confirmed, commands).story;
    this.#events.changed(this.#current, revision);
    this.#takeOutside();
  }

  async #watch(): Promise<void> {
    try {
      const events = await client.story.watch(
        { sessionId: this.#opened.sessionId },
        { signal: this.#ended.signal },
      );
      for await (const event of events) this.#hear(event);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'project/closed' && !this.#ended.signal.aborted) {
        await this.#reopen().catch((cause: unknown) =>
          this.#events.saveState({ kind: 'failed', error: AppError.from(cause) }),
        );
      }
    }
  }

  #hear(event: StoryEvent): void {
    switch (event.type) {
      case 'saving':
        this.#events.saveState({ kind: 'saving' });
        return;
      case 'saved':
        if (this.#queue.isIdle) this.#events.saveState({ kind: 'saved', at: event.at });
        return;
      case 'save-failed':
        this.#events.saveState({ kind: 'failed', error: AppError.fromReport(event.error) });
        return;
      case 'read-only':
        this.#events.readOnly(event.reason);
        return;
      case 'conflict':
        this.#events.conflict(event.conflict);
        return;
      case 'outside-change':
        this.#outside.push(event);
        this.#outsideArrived?.();
        if (!this.#queue.isSending) this.#takeOutside();
    }
  }

  /** Applies what others did below what waits here. */
  #takeOutside(): void {
    for (const { commands, revision } of this.#outside.splice(0)) {
      if (revision <= this.#queue.revision) continue;
      this.#moveTo(
        applyCommands(this.#confirmed, applicable(this.#confirmed, commands)).story,
        revision,
        rebasePending(this.#queue.pending, commands),
      );
      this.#events.foreign((history) => rebaseHistory(history, commands));
    }
  }

  #moveTo(confirmed: Story, revision: number, pending: { commands: Command[]; lost: SceneId[] }): void {
    const before = this.#current;
    this.#confirmed = confirmed;
    let current = confirmed;
    const kept: Command[] = [];
    for (const command of pending.commands) {
      try {
        current = applyCommands(current, [command]).story;
        kept.push(command);
      } catch (thrown) {
        if (AppError.from(thrown).code !== 'story/invalid-command') throw thrown;
        if (command.kind === 'text.edit') pending.lost.push(command.id);
      }
    }
    this.#queue.rebase(revision, kept);
    for (const sceneId of pending.lost) {
      this.#events.conflict({
        sceneId,
        mine: before.scenes[sceneId]?.text ?? '',
        theirs: confirmed.scenes[sceneId]?.text ?? '',
        keptAs: '',
      });
    }
    this.#show(current);
  }

  async #catchUp(error: AppError): Promise<void> {
    if (error.code === 'story/conflict' && this.#outside.length === 0) {
      await new Promise<void>((resolve) => {
        this.#outsideArrived = resolve;
        setTimeout(resolve, conflictWaitMs);
      });
      this.#outsideArrived = null;
    }
    if (this.#outside.length > 0) this.#takeOutside();
    else await this.#reopen();
  }

  /** Reads the whole story again and puts what waits here on top of it. */
  async #reopen(): Promise<void> {
    const opened = await client.projects.open({ folder: this.#opened.folder });
    const wasClosed = opened.sessionId !== this.#opened.sessionId;
    this.#opened = opened;
    const pending = this.#queue.pending;
    const touched = Object.values(this.#current.scenes).flatMap(({ id, text }) =>
      text === null ? [] : [id],
    );
    const read = await client.story.readTexts({
      sessionId: opened.sessionId,
      sceneIds: touched.filter((id) => opened.story.scenes[id]),
    });
    const fresh = withTexts(opened.story, new Map(read.map(({ sceneId, text }) => [sceneId, text])));
    this.#outside = [];
    this.#moveTo(fresh, opened.revision, { commands: [...pending], lost: [] });
    this.#events.reopened(opened);
    if (wasClosed) void this.#watch();
  }
}

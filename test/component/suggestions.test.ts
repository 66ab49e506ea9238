import { beforeEach, describe, expect, test, vi } from 'vitest';
import { select } from '#renderer/stores/selectionStore.ts';
import { dispatch, showStory, undo, useStoryStore } from '#renderer/stores/storyStore.ts';
import {
  acceptDraft,
  acceptFirstParagraph,
  keepDraft,
  pageDrafts,
  rejectDraft,
} from '#renderer/stores/suggestionDecide.ts';
import { regenerate, replay, stopWriting, suggest, writeOn } from '#renderer/stores/suggestionRun.ts';
import { changeChoices, editDraft, shownDraft, useSuggestions } from '#renderer/stores/suggestionStore.ts';
import { SessionId } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { ModelId } from '#shared/models/manifest.ts';
import type { WriteEvent } from '#shared/models/task.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import { answeredBy } from '../support/answered.ts';

/** The host's side of one `tasks.write`: events are pushed by the test; a stop ends it like a cancelled call. */
class Stream {
  readonly input: {
    at: number;
    sampling: { seed?: number };
    purpose?: string;
    source?: string;
    language?: string;
  };
  readonly #queue: (WriteEvent | AppError | 'end')[] = [];
  #wake: (() => void) | null = null;

  constructor(input: Stream['input'], signal: AbortSignal) {
    this.input = input;
    signal.addEventListener('abort', () => this.push(new AppError('task/cancelled', 'Cancelled')));
  }

  push(...events: (WriteEvent | AppError | 'end')[]): void {
    this.#queue.push(...events);
    this.#wake?.();
  }

  async *events(): AsyncGenerator<WriteEvent> {
    for (;;) {
      const next = this.#queue.shift();
      if (next === 'end') return;
      if (next instanceof AppError) throw next;
      if (next) yield next;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

const host = vi.hoisted(() => ({
  streams: [] as unknown[],
  snapshots: [] as unknown[],
  votes: [] as { kind: string }[],
}));
const streams = host.streams as Stream[];

vi.mock('#renderer/api/client.ts', () => ({
  reconnect: () => undefined,
  client: {
    story: {
      watch: async () => (async function* () {})(),
      apply: async ({ baseRevision }: { baseRevision: number }) => ({ revision: baseRevision + 1 }),
    },
    snapshots: {
      create: async (input: unknown) => {
        host.snapshots.push(input);
        return {};
      },
    },
    feedback: {
      vote: async ({ votes }: { votes: { kind: string }[] }) => void host.votes.push(...votes),
    },
    tasks: {
      write: async (input: Stream['input'], { signal }: { signal: AbortSignal }) => {
        const stream = new Stream(input, signal);
        streams.push(stream);
        return stream.events();
      },
      compose: async (input: Stream['input'], { signal }: { signal: AbortSignal }) => {
        const stream = new Stream(input, signal);
        streams.push(stream);
        return stream.events();
      },
    },
  },
}));

const labels = { accepted: 'Accepted suggestion', kept: 'Kept', removed: 'Removed', snapshot: 'Before' };
const scene = createScene({ lang: 'en', text: 'One. Two.\n' });
const text = () => useStoryStore.getState().story?.scenes[scene.id]?.text;
const draft = () => shownDraft(useSuggestions.getState(), scene.id);
const said = (words: string, tokens: number): WriteEvent => ({ type: 'text', text: words, tokens });
const done = {
  type: 'done' as const,
  modelId: ModelId.parse('tiny'),
  answered: answeredBy(ModelId.parse('tiny')),
  seed: 7,
  finish: 'end' as const,
  tokens: 3,
  tokensPerSecond: 50,
  firstTokenMs: 20,
} satisfies WriteEvent;

function nextStream(): Promise<Stream> {
  const count = streams.length;
  return vi.waitFor(() => {
    const stream = streams[count];
    if (!stream) throw new Error('Not asked yet');
    return stream;
  });
}

async function write(...events: (WriteEvent | AppError | 'end')[]): Promise<Stream> {
  const stream = nextStream();
  writeOn(scene.id);
  (await stream).push(...events);
  return stream;
}

const ended = () => vi.waitFor(() => expect(draft()?.phase).toMatch(/done|failed/));

beforeEach(() => {
  streams.length = 0;
  host.snapshots.length = 0;
  host.votes.length = 0;
  useSuggestions.setState({ drafts: [], shown: {} });
  changeChoices({ instruction: '', modelId: null, seed: null });
  showStory({
    sessionId: SessionId.parse('test-session'),
    folder: 'test',
    story: {
      ...createStory('Test', 'en'),
      scenes: { [scene.id]: scene },
      outline: [{ kind: 'scene', id: scene.id }],
    },
    revision: 0,
    readOnly: null,
    notices: [],
  });
  select({ text: { sceneId: scene.id, from: 4, to: 4, text: '' } });
});

describe('a suggestion', () => {
  test('is written beside the text, from the caret, and leaves the text alone', async () => {
    const stream = await write(said(' She', 1), said(' ran.', 2), done, 'end');
    await ended();
    expect(stream.input.at).toBe(4);
    expect(draft()).toMatchObject({ phase: 'done', text: ' She ran.', seed: 7, stopped: false });
    expect(text()).toBe('One. Two.\n');
  });

  test('is one step of undo once accepted, after a snapshot was asked for', async () => {
    await write(said(' She ran.', 2), done, 'end');
    await ended();
    expect(acceptDraft(scene.id, labels)).toBe(true);
    expect(text()).toBe('One. She ran. Two.\n');
    expect(host.snapshots).toEqual([{ sessionId: 'test-session', name: 'Before', reason: 'before-change' }]);
    expect(useStoryStore.getState().history.past.map(({ label }) => label)).toEqual(['Accepted suggestion']);
    undo();
    expect(text()).toBe('One. Two.\n');
    expect(draft()).toBeNull();
  });

  test('goes where it belonged although the text before it changed meanwhile', async () => {
    await write(said(' She ran.', 2), done, 'end');
    await ended();
    dispatch(
      [{ kind: 'text.edit', id: scene.id, edits: [{ at: 0, removed: 'One', inserted: 'Once upon' }] }],
      {
        label: 'Typing',
      },
    );
    acceptDraft(scene.id, labels);
    expect(text()).toBe('Once upon. She ran. Two.\n');
  });

  test('keeps what came when stopped, and takes nothing that comes later', async () => {
    const stream = await write(said(' She', 1));
    await vi.waitFor(() => expect(draft()?.text).toBe(' She'));
    expect(stopWriting(scene.id)).toBe(true);
    stream.push(said(' ran', 2), done, 'end');
    await vi.waitFor(() => expect(draft()).toMatchObject({ phase: 'done', stopped: true }));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(draft()?.text).toBe(' She');
  });

  test('keeps what came when the engine crashes, and says so', async () => {
    await write(said(' She', 1), new AppError('engine/crashed', 'Gone'));
    await ended();
    expect(draft()).toMatchObject({ phase: 'failed', text: ' She', error: { code: 'engine/crashed' } });
    acceptDraft(scene.id, labels);
    expect(text()).toBe('One. She Two.\n');
  });

  test('stopped before anything came is gone', async () => {
    await write();
    stopWriting(scene.id);
    await vi.waitFor(() => expect(draft()).toBeNull());
    expect(useSuggestions.getState().drafts).toEqual([]);
  });

  test('is asked for again with another seed at the same place, and both can be paged', async () => {
    changeChoices({ seed: 5 });
    const first = await write(said(' A.', 1), done, 'end');
    await ended();
    select({ text: { sceneId: scene.id, from: 0, to: 0, text: '' } });
    const next = nextStream();
    regenerate(scene.id);
    const second = await next;
    second.push(said(' B.', 1), { ...done, seed: 8 }, 'end');
    await ended();
    expect(first.input.sampling.seed).toBe(5);
    expect(second.input.sampling.seed).not.toBe(5);
    expect(second.input.at).toBe(4);
    expect(draft()?.text).toBe(' B.');
    pageDrafts(scene.id, -1);
    expect(draft()?.text).toBe(' A.');
    pageDrafts(scene.id, 1);
    expect(draft()?.text).toBe(' B.');
  });

  test('can be changed, accepted by paragraph, and brought back after it was put away', async () => {
    await write(said(' A.\nB.', 2), done, 'end');
    await ended();
    editDraft(draft()?.id ?? '', ' X.\nY.');
    rejectDraft(scene.id);
    expect(draft()).toBeNull();
    pageDrafts(scene.id, -1);
    acceptFirstParagraph(scene.id, labels);
    expect(text()).toBe('One. X. Two.\n');
    expect(draft()?.text).toBe('\nY.');
    acceptDraft(scene.id, labels);
    expect(text()).toBe('One. X.\n\nY. Two.\n');
  });

  test('is written again from the seed, the model and the wish that it came from', async () => {
    changeChoices({ instruction: 'A bat.' });
    await write(said(' A.', 1), done, 'end');
    await ended();
    changeChoices({ instruction: 'Something else.', modelId: ModelId.parse('other') });
    const first = draft();
    const stream = nextStream();
    if (first) replay(first);
    expect((await stream).input).toMatchObject({
      at: 4,
      instruction: 'A bat.',
      modelId: 'tiny',
      sampling: { seed: done.seed },
    });
    (await stream).push('end');
    await ended();
  });

  test('gives one vote about its model, by what became of it', async () => {
    const about = { task: 'write', language: 'en', modelId: 'tiny' };
    const judge = async (decide: () => void, ...events: (WriteEvent | AppError | 'end')[]) => {
      host.votes.length = 0;
      await write(...(events.length > 0 ? events : [said(' A.\nB.', 2), done, 'end' as const]));
      await ended();
      decide();
      return [...host.votes];
    };
    expect(await judge(() => acceptDraft(scene.id, labels))).toEqual([{ ...about, kind: 'accepted' }]);
    const change = () => editDraft(draft()?.id ?? '', ' X.');
    expect(
      await judge(() => {
        change();
        acceptDraft(scene.id, labels);
      }),
    ).toEqual([{ ...about, kind: 'edited' }]);
    const inParts = () => {
      acceptFirstParagraph(scene.id, labels);
      acceptDraft(scene.id, labels);
    };
    expect(await judge(inParts)).toEqual([{ ...about, kind: 'accepted' }]);
    expect(await judge(() => rejectDraft(scene.id))).toEqual([{ ...about, kind: 'rejected' }]);
    const failed = [said(' A.', 1), new AppError('engine/crashed', 'gone')];
    expect(await judge(() => rejectDraft(scene.id), ...failed)).toEqual([]);
  });

  test('is kept with the scene as one step of undo', async () => {
    await write(said(' A.', 1), done, 'end');
    await ended();
    keepDraft(scene.id, labels);
    keepDraft(scene.id, labels);
    const kept = () =>
      useStoryStore.getState().story?.scenes[scene.id]?.alternatives.map(({ text: words }) => words);
    expect(kept()).toEqual([' A.']);
    expect(text()).toBe('One. Two.\n');
    undo();
    expect(kept()).toEqual([]);
    keepDraft(scene.id, labels);
    expect(kept()).toEqual([' A.']);
  });
});

describe('a text made of the scene', () => {
  const make = async (purpose: 'rewrite' | 'summary' | 'translation', words: string) => {
    const stream = nextStream();
    suggest(scene.id, purpose);
    const asked = await stream;
    asked.push(said(words, 2), done, 'end');
    await ended();
    return asked.input;
  };
  const story = () => useStoryStore.getState().story;

  test('a new version takes the place of the selected passage, as one step of undo', async () => {
    select({ text: { sceneId: scene.id, from: 0, to: 4, text: 'One.' } });
    expect(await make('rewrite', 'Eins.')).toMatchObject({ purpose: 'rewrite', source: 'One.' });
    expect(text()).toBe('One. Two.\n');
    expect(acceptDraft(scene.id, labels)).toBe(true);
    expect(text()).toBe('Eins. Two.\n');
    undo();
    expect(text()).toBe('One. Two.\n');
  });

  test('without a selection the paragraph at the caret is rewritten, also where text came before it meanwhile', async () => {
    expect(await make('rewrite', 'All of it.')).toMatchObject({ source: 'One. Two.' });
    dispatch([{ kind: 'text.edit', id: scene.id, edits: [{ at: 0, removed: '', inserted: 'Zero.\n\n' }] }], {
      label: 'Typing',
    });
    acceptDraft(scene.id, labels);
    expect(text()).toBe('Zero.\n\nAll of it.\n');
  });

  test('a passage that was changed meanwhile is not written over', async () => {
    await make('rewrite', 'New.');
    dispatch([{ kind: 'text.edit', id: scene.id, edits: [{ at: 1, removed: 'n', inserted: 'ld' }] }], {
      label: 'Typing',
    });
    expect(acceptDraft(scene.id, labels)).toBe(false);
    expect(text()).toBe('Olde. Two.\n');
  });

  test('a new version is accepted paragraph by paragraph', async () => {
    dispatch(
      [
        {
          kind: 'text.edit',
          id: scene.id,
          edits: [{ at: 0, removed: 'One. Two.\n', inserted: 'A.\n\nB.\n' }],
        },
      ],
      { label: 'Typing' },
    );
    select({ text: { sceneId: scene.id, from: 0, to: 6, text: 'A.\n\nB.' } });
    await make('rewrite', 'AA.\n\nBB.');
    acceptFirstParagraph(scene.id, labels);
    expect(text()).toBe('AA.\n\nB.\n');
    acceptFirstParagraph(scene.id, labels);
    expect(text()).toBe('AA.\n\nBB.\n');
  });

  test('a summary becomes the scene’s own, and the text stays', async () => {
    expect(await make('summary', ' It happened. ')).toMatchObject({ purpose: 'summary', source: '' });
    acceptDraft(scene.id, labels);
    expect(story()?.scenes[scene.id]?.summary).toBe('It happened.');
    expect(text()).toBe('One. Two.\n');
  });

  test('a translation becomes a scene of its own after the one that it is of', async () => {
    expect(await make('translation', '一。二。')).toMatchObject({ language: 'zh' });
    acceptDraft(scene.id, labels);
    const [, second] = story()?.outline ?? [];
    const made = story()?.scenes[second?.id as typeof scene.id];
    expect(made).toMatchObject({ lang: 'zh', text: '一。二。\n', status: 'draft' });
    expect(text()).toBe('One. Two.\n');
  });
});

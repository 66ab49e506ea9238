import { EditorView } from '@codemirror/view';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSceneState, type SceneViewOptions } from '#renderer/features/editor/createSceneView.ts';
import { StoryBinding, type UndoStep } from '#renderer/features/editor/text/storyBinding.ts';
import { emptyHistory, type History, record, shift } from '#renderer/stores/history.ts';
import { applyCommands } from '#shared/story/apply.ts';
import type { Command } from '#shared/story/commands.ts';
import { createScene, createStory } from '#shared/story/create.ts';
import type { Story } from '#shared/story/story.ts';
import type { TextEdit } from '#shared/story/textEdit.ts';

/** A story in memory with the real commands and the real undo stack, as the window's store keeps it. */
class MemoryStory {
  readonly #id;
  #story: Story;
  #history: History = emptyHistory;
  refuses = false;
  steps: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(text: string) {
    const scene = createScene({ lang: 'en', text });
    this.#id = scene.id;
    this.#story = { ...createStory('Test', 'en'), scenes: { [scene.id]: scene } };
  }

  get text(): string {
    return this.#story.scenes[this.#id]?.text ?? '';
  }

  get past(): number {
    return this.#history.past.length;
  }

  readonly source = {
    read: () => this.text,
    send: (edits: readonly TextEdit[], step: UndoStep) => {
      if (this.refuses) return false;
      this.steps.push(step.event);
      this.apply([{ kind: 'text.edit', id: this.#id, edits: [...edits] }], step.mergeKey);
      return true;
    },
    subscribe: (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  apply(commands: readonly Command[], mergeKey: string | null): void {
    const { story, inverses } = applyCommands(this.#story, commands);
    this.#history = record(this.#history, { label: '', commands: inverses, mergeKey, atMs: 0 });
    this.#show(story);
  }

  /** Somebody else's edit; it is no step of undo here. */
  outside(at: number, removed: string, inserted: string): void {
    const command = { kind: 'text.edit' as const, id: this.#id, edits: [{ at, removed, inserted }] };
    this.#show(applyCommands(this.#story, [command]).story);
  }

  undo(): void {
    const step = this.#history.past.at(-1);
    if (!step) return;
    const { story, inverses } = applyCommands(this.#story, step.commands);
    this.#history = shift(this.#history, 'past', inverses);
    this.#show(story);
  }

  redo(): void {
    const step = this.#history.future.at(-1);
    if (!step) return;
    const { story, inverses } = applyCommands(this.#story, step.commands);
    this.#history = shift(this.#history, 'future', inverses);
    this.#show(story);
  }

  #show(story: Story): void {
    this.#story = story;
    for (const listener of this.#listeners) listener();
  }
}

const options: SceneViewOptions = {
  label: 'Text',
  language: 'en',
  placeholder: '',
  readOnly: false,
  markup: false,
  typewriter: false,
  focusMode: false,
  pictures: {
    find: () => null,
    url: () => '',
    readOnly: false,
    undo: () => undefined,
    redo: () => undefined,
    texts: {
      picture: 'Picture',
      caption: 'Caption',
      alt: 'Alt text',
      altHint: '',
      missing: 'Missing',
      foreign: 'Foreign',
      remove: 'Remove',
      moveUp: 'Up',
      moveDown: 'Down',
    },
  },
};

const opened: { view: EditorView; binding: StoryBinding }[] = [];

function open(text: string) {
  const story = new MemoryStory(text);
  let binding: StoryBinding | null = null;
  const listener = EditorView.updateListener.of((update) => {
    if (update.docChanged) binding?.collect(update);
  });
  const view = new EditorView({ state: createSceneState(text, options, listener), parent: document.body });
  binding = new StoryBinding(view, story.source, 'scene');
  opened.push({ view, binding });
  const editorText = () => view.state.sliceDoc();
  const type = (at: number, removed: number, inserted: string, userEvent = 'input.type') =>
    view.dispatch({
      changes: { from: at, to: at + removed, insert: view.state.toText(inserted) },
      selection: { anchor: at + inserted.length },
      userEvent,
    });
  return { story, view, binding, editorText, type };
}

afterEach(() => {
  for (const { view, binding } of opened.splice(0)) {
    binding.destroy();
    view.destroy();
  }
});

const oddText = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    ' ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '图',
    '，',
    '😀',
    '*',
    '#',
    '>',
    '-',
    '![x](../images/a.png)',
    '\u2028',
    '\0',
    '\ufeff',
  ),
  maxLength: 40,
});

type Action =
  | { kind: 'type'; at: number; removed: number; inserted: string; event: string }
  | { kind: 'outside'; at: number; removed: number; inserted: string }
  | { kind: 'flush' }
  | { kind: 'undo' }
  | { kind: 'redo' };

const edit = { at: fc.nat(), removed: fc.nat(4), inserted: oddText };
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      ...edit,
      event: fc.constantFrom('input.type', 'delete.backward', 'input.paste'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('outside' as const), ...edit }) },
  { weight: 2, arbitrary: fc.constant<Action>({ kind: 'flush' }) },
  { weight: 2, arbitrary: fc.constant<Action>({ kind: 'undo' }) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: 'redo' }) },
);

function run({ story, binding, type, editorText }: ReturnType<typeof open>, step: Action): void {
  switch (step.kind) {
    case 'type': {
      const at = step.at % (editorText().length + 1);
      type(at, Math.min(step.removed, editorText().length - at), step.inserted, step.event);
      return;
    }
    case 'outside': {
      const at = step.at % (story.text.length + 1);
      story.outside(at, story.text.slice(at, at + step.removed), step.inserted);
      return;
    }
    case 'flush':
      binding.flush();
      return;
    case 'undo':
      binding.follow(() => story.undo());
      return;
    case 'redo':
      binding.follow(() => story.redo());
  }
}

describe('an editor bound to a story', () => {
  test('opening changes not a byte, whatever the text holds', () => {
    fc.assert(
      fc.property(oddText, (text) => {
        const { story, binding, editorText } = open(text);
        binding.flush();
        expect(editorText()).toBe(text);
        expect(story.text).toBe(text);
        expect(story.past).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('random edits on both sides leave both with the same text', () => {
    fc.assert(
      fc.property(oddText, fc.array(action, { maxLength: 25 }), (text, actions) => {
        const bound = open(text);
        const local = actions.filter(({ kind }) => kind !== 'undo' && kind !== 'redo');
        for (const step of local) run(bound, step);
        bound.binding.flush();
        expect(bound.editorText()).toBe(bound.story.text);
      }),
      { numRuns: 200 },
    );
  });

  test('undoing everything returns the original bytes, redoing everything the last ones', () => {
    fc.assert(
      fc.property(oddText, fc.array(action, { maxLength: 25 }), (text, actions) => {
        const bound = open(text);
        for (const step of actions) if (step.kind !== 'outside') run(bound, step);
        bound.binding.flush();
        const last = bound.story.text;
        let undone = 0;
        while (bound.story.past > 0) {
          bound.binding.follow(() => bound.story.undo());
          undone += 1;
        }
        expect(bound.story.text).toBe(text);
        expect(bound.editorText()).toBe(text);
        for (; undone > 0; undone--) bound.binding.follow(() => bound.story.redo());
        expect(bound.story.text).toBe(last);
        expect(bound.editorText()).toBe(last);
      }),
      { numRuns: 200 },
    );
  });

  test('an outside edit lands beside what was typed and not yet sent', () => {
    const { story, binding, editorText, type } = open('one two three');
    type(3, 0, ' and a half');
    story.outside(8, 'three', 'four');
    expect(editorText()).toBe('one and a half two four');
    binding.flush();
    expect(story.text).toBe('one and a half two four');
    expect(story.past).toBe(1);
  });

  test('an outside edit keeps the caret at its words and is not sent back', () => {
    const { story, view, binding } = open('one two three');
    view.dispatch({ selection: { anchor: 8 } });
    story.outside(0, '', 'zero ');
    binding.flush();
    expect(view.state.selection.main.head).toBe(13);
    expect(story.past).toBe(0);
  });

  test('undo brings the caret to what it changed', () => {
    const { story, view, binding, type } = open('one two three');
    type(3, 0, '!');
    binding.flush();
    view.dispatch({ selection: { anchor: 13 } });
    binding.follow(() => story.undo());
    expect(view.state.selection.main.head).toBe(3);
  });

  test('a run of typing is one step; a jump, a deletion and a paste each begin another', () => {
    const { story, binding, type } = open('one two three');
    for (const [index, letter] of ['a', 'b', 'c'].entries()) {
      type(index, 0, letter);
      binding.flush();
    }
    expect(story.past).toBe(1);
    type(10, 0, 'x');
    binding.flush();
    expect(story.past).toBe(2);
    type(10, 1, '', 'delete.backward');
    binding.flush();
    expect(story.past).toBe(3);
    type(10, 0, 'pasted', 'input.paste');
    type(0, 0, 'p', 'input.type');
    binding.flush();
    expect(story.past).toBe(5);
    expect(story.steps.slice(-2)).toEqual(['input.paste', 'input.type']);
  });

  test('what the story refuses goes out of the editor again', () => {
    const { story, binding, editorText, type } = open('one two three');
    story.refuses = true;
    type(0, 3, 'ONE');
    binding.flush();
    expect(editorText()).toBe('one two three');
    story.refuses = false;
    type(0, 3, 'ONE');
    binding.flush();
    expect(story.text).toBe('ONE two three');
  });

  test('what was typed arrives without being asked for', async () => {
    const { story, type } = open('');
    type(0, 0, 'x');
    await vi.waitFor(() => expect(story.text).toBe('x'));
  });

  test('leaving the editor sends what was typed last', () => {
    const { story, binding, view, type } = open('');
    type(0, 0, 'x');
    binding.destroy();
    expect(story.text).toBe('x');
    view.destroy();
    opened.pop();
  });
});

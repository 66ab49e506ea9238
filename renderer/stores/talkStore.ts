import { create } from 'zustand';
import { AppError } from '#shared/errors/AppError.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { ImageId } from '#shared/story/ids.ts';
import { client } from '../api/client.ts';
import { openDialog } from './appStore.ts';
import { flushStory, openStory } from './storyStore.ts';

/** Something that was said about a picture. */
export interface Said {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** Pictures that were shown with it. */
  readonly imageIds: readonly ImageId[];
  /** Who answered; `null` for the writer, and until the answer is whole. */
  readonly answered: Answered | null;
}

export interface TalkState {
  /** The picture that is talked about. */
  readonly imageId: ImageId | null;
  /** What was said about each picture, in this window. */
  readonly said: Readonly<Record<ImageId, readonly Said[]>>;
  /** Pictures that will be shown with the next question. */
  readonly showing: readonly ImageId[];
  readonly isAnswering: boolean;
  /** A model that is being loaded for the answer. */
  readonly loading: ModelId | null;
  readonly error: AppError | null;
}

export const useTalk = create<TalkState>(() => ({
  imageId: null,
  said: {},
  showing: [],
  isAnswering: false,
  loading: null,
  error: null,
}));

const set = (patch: Partial<TalkState>): void => useTalk.setState(patch);
let answering: AbortController | null = null;

/** What was said about the picture that is talked about. */
export const saidNow = ({ imageId, said }: TalkState): readonly Said[] =>
  (imageId === null ? undefined : said[imageId]) ?? nothing;
const nothing: readonly Said[] = [];

/** Opens a conversation about a picture, where it was left. */
export function openTalk(imageId: ImageId): void {
  stopAnswer();
  const isNew = (useTalk.getState().said[imageId] ?? nothing).length === 0;
  set({ imageId, showing: isNew ? [imageId] : [], error: null });
  openDialog('talk');
}

/** Shows another picture with the next question, or takes it back. */
export const toggleShowing = (imageId: ImageId): void =>
  useTalk.setState(({ showing }) => ({
    showing: showing.includes(imageId) ? showing.filter((id) => id !== imageId) : [...showing, imageId],
  }));

const change = (about: ImageId, alter: (said: readonly Said[]) => readonly Said[]): void =>
  useTalk.setState(({ said }) => ({ said: { ...said, [about]: alter(said[about] ?? nothing) } }));

const createSaid = (role: Said['role'], text: string, imageIds: readonly ImageId[] = []): Said => ({
  id: crypto.randomUUID(),
  role,
  text,
  imageIds,
  answered: null,
});

/** Asks something about the picture; the answer is streamed in. What a stop or an error broke off stays. */
export async function say(text: string): Promise<void> {
  const { imageId, showing, isAnswering } = useTalk.getState();
  if (imageId === null || isAnswering || text.trim() === '') return;
  const question = createSaid('user', text.trim(), showing);
  const answer = createSaid('assistant', '');
  change(imageId, (said) => [...said, question, answer]);
  set({ showing: [], isAnswering: true, error: null, loading: null });
  const own = new AbortController();
  answering = own;
  const patch = (alter: (said: Said) => Said) =>
    change(imageId, (said) => said.map((one) => (one.id === answer.id ? alter(one) : one)));
  try {
    await flushStory();
    const turns = (useTalk.getState().said[imageId] ?? nothing)
      .filter(({ id, text: words }) => id !== answer.id && words !== '')
      .map(({ role, text: words, imageIds }) => ({ role, text: words, imageIds: [...imageIds] }));
    const { sessionId } = openStory();
    const events = await client.tasks.converse(
      { sessionId, turns, modelId: null, sampling: {} },
      { signal: own.signal },
    );
    for await (const event of events) {
      if (event.type === 'loading') set({ loading: event.modelId });
      else if (event.type === 'text') {
        set({ loading: null });
        patch((one) => ({ ...one, text: one.text + event.text }));
      } else if (event.type === 'done') patch((one) => ({ ...one, answered: event.answered }));
    }
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (!own.signal.aborted && error.code !== 'task/cancelled') set({ error });
  } finally {
    change(imageId, (said) => said.filter(({ id, text: words }) => id !== answer.id || words !== ''));
    if (answering === own) {
      answering = null;
      set({ isAnswering: false, loading: null });
    }
  }
}

export function stopAnswer(): void {
  answering?.abort();
}

/** Forgets what was said about the picture. */
export function clearTalk(): void {
  stopAnswer();
  const { imageId } = useTalk.getState();
  if (imageId === null) return;
  change(imageId, () => []);
  set({ showing: [imageId], error: null });
}

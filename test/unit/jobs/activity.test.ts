import { describe, expect, test } from 'vitest';
import { arrangeJobs, summarise } from '#renderer/features/activity/arrangeJobs.ts';
import { planAcceptance } from '#renderer/features/activity/planAcceptance.ts';
import { type Job, JobId } from '#shared/models/job.ts';
import { applyCommands } from '#shared/story/apply.ts';
import { createStory } from '#shared/story/create.ts';
import { createStoryId, ImageId } from '#shared/story/ids.ts';
import type { StoryImage } from '#shared/story/image.ts';
import { undescribed } from '#shared/story/undescribed.ts';

const picture = (letter: string, alt: StoryImage['alt']): StoryImage => ({
  id: ImageId.parse(letter.repeat(64)),
  file: `${letter}.png`,
  originalName: `${letter}.png`,
  format: 'png',
  width: 1,
  height: 1,
  bytes: 1,
  animated: false,
  alt,
  caption: { en: '', zh: '' },
  tags: [],
  credit: '',
  licence: '',
  source: '',
});
const bare = picture('a', { en: '', zh: '树' });
const described = picture('b', { en: 'A tree', zh: '' });
const trashed = picture('c', { en: ' ', zh: '' });
const story = {
  ...createStory('Trees', 'en'),
  images: { [bare.id]: bare, [described.id]: described, [trashed.id]: trashed },
  trash: [{ kind: 'image' as const, id: trashed.id, deletedAt: '2026-01-01T00:00:00Z' }],
};

test('pictures without a text in the language are found, those in the trash left out', () => {
  expect(undescribed(story, 'alt', 'en')).toEqual([bare.id]);
  expect(undescribed(story, 'alt', 'zh')).toEqual([described.id]);
  expect(undescribed(story, 'detailed', 'en')).toEqual([bare.id, described.id]);
});

test('accepted texts go into their field and language, the others stay; one list of commands undoes them all', () => {
  const order = { kind: 'describe-pictures', options: { style: 'alt', language: 'en' } } as const;
  const { commands, count } = planAcceptance(story, order, [
    { item: bare.id, text: ' An oak. ' },
    { item: 'd'.repeat(64), text: 'gone' },
    { item: 'no picture', text: 'nonsense' },
    { item: described.id, text: '  ' },
  ]);
  expect(count).toBe(1);
  expect(commands).toEqual([
    { kind: 'image.update', id: bare.id, patch: { alt: { en: 'An oak.', zh: '树' } } },
  ]);
  const { story: after, inverses } = applyCommands(story, commands);
  expect(applyCommands(after, inverses).story).toEqual(story);
});

describe('the list of jobs', () => {
  const job = (id: string, change: Partial<Job>): Job => ({
    id: JobId.parse(id.padEnd(8, '0')),
    order: { kind: 'describe-pictures', options: { style: 'alt', language: 'en' } },
    storyId: story.id,
    storyTitle: 'Trees',
    priority: 'asked',
    state: 'waiting',
    heldBy: null,
    counts: { waiting: 4, running: 0, done: 0, failed: 0, cancelled: 0 },
    proposals: 0,
    progress: 0,
    remainingMs: null,
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
    ...change,
  });

  test('shows what runs before what waits before what ended, the newest of those first', () => {
    const jobs = [
      job('old', { state: 'done', endedAt: '2026-01-02T00:00:00Z' }),
      job('new', { state: 'cancelled', endedAt: '2026-01-03T00:00:00Z' }),
      job('paused', { state: 'paused' }),
      job('later', { createdAt: '2026-01-01T01:00:00Z' }),
      job('sooner', {}),
      job('running', { state: 'running', createdAt: '2026-01-01T02:00:00Z' }),
    ];
    expect(arrangeJobs(jobs).map(({ id }) => id.replace(/0+$/, ''))).toEqual([
      'running',
      'sooner',
      'later',
      'paused',
      'new',
      'old',
    ]);
  });

  test('is summed up by items; proposals count where their story is open', () => {
    const half = { waiting: 1, running: 1, done: 2, failed: 0, cancelled: 0 };
    const jobs = [
      job('a', { state: 'running', progress: 0.5, counts: half }),
      job('b', { state: 'paused', heldBy: 'task/no-route', counts: { ...half, done: 10 } }),
      job('c', { state: 'done', proposals: 3, progress: 1 }),
      job('d', { state: 'done', proposals: 5, storyId: createStoryId() }),
    ];
    expect(summarise(jobs, story.id)).toEqual({ unfinished: 2, progress: 2 / 16, held: 1, proposals: 3 });
    expect(summarise([], null)).toEqual({ unfinished: 0, progress: 0, held: 0, proposals: 0 });
  });
});

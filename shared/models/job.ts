import { z } from 'zod';
import { ErrorReportSchema } from '../contract/wire.ts';
import { type ErrorCode, isErrorCode } from '../errors/AppError.ts';
import { StoryId } from '../story/ids.ts';
import { Language } from '../story/scene.ts';
import { ModelId } from './modelId.ts';

export const JobId = z
  .string()
  .regex(/^[0-9a-z]{8,16}$/)
  .brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

/** Whose turn comes first: what the writer looks at, what was asked for, what nobody waits for. */
export const JobPriority = z.enum(['screen', 'asked', 'background']);
export type JobPriority = z.infer<typeof JobPriority>;

/**
 * What can be asked for: a kind of job and its options. A new kind is a member here and in `JobOutcome`, a `JobKind` in
 * the studio's `jobs/kinds/`, and its words in the interface; what forgets one of them does not compile.
 */
export const JobOrder = z.discriminatedUnion('kind', [
  /** Items are pictures. `alt` proposes a text for who cannot see them, `detailed` a caption. */
  z.object({
    kind: z.literal('describe-pictures'),
    options: z.object({ style: z.enum(['alt', 'detailed']), language: Language }),
  }),
  /** Items are scenes. Each is summed up in its own language; where none are named, those written in `language`. */
  z.object({ kind: z.literal('summarise-scenes'), options: z.object({ language: Language }) }),
  /** Items are scenes. `language` is what they are translated into. */
  z.object({ kind: z.literal('translate-scenes'), options: z.object({ language: Language }) }),
]);
export type JobOrder = z.infer<typeof JobOrder>;
export type JobKindName = JobOrder['kind'];
export type JobOptions<Kind extends JobKindName> = Extract<JobOrder, { kind: Kind }>['options'];

/** A text about a scene. `isCutOff`: the model was ended by its limit, so that the end may be missing. */
const SceneText = z.object({ text: z.string().min(1), modelId: ModelId, isCutOff: z.boolean() });
export type SceneText = z.infer<typeof SceneText>;

/** What one item ends with, by kind of job: a proposal, until the writer accepts it. */
export const JobOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('describe-pictures'),
    value: z.object({ text: z.string().min(1), modelId: ModelId }),
  }),
  z.object({ kind: z.literal('summarise-scenes'), value: SceneText }),
  z.object({ kind: z.literal('translate-scenes'), value: SceneText }),
]);
export type JobOutcome = z.infer<typeof JobOutcome>;
export type JobValue<Kind extends JobKindName> = Extract<JobOutcome, { kind: Kind }>['value'];

const count = z.number().int().nonnegative();
const errorCode = z.custom<ErrorCode>(isErrorCode);

/** `done`: nothing is left to do, though items may have failed. */
export const JobState = z.enum(['waiting', 'running', 'paused', 'done', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

/** A job as a window shows it. */
export const Job = z.object({
  id: JobId,
  order: JobOrder,
  storyId: StoryId,
  storyTitle: z.string(),
  priority: JobPriority,
  state: JobState,
  /** Why it stands still though nobody paused it: what keeps every item from being done, or `project/closed`. */
  heldBy: errorCode.nullable(),
  counts: z.object({ waiting: count, running: count, done: count, failed: count, cancelled: count }),
  /** Results that the writer has not decided about. */
  proposals: count,
  /** 0…1 */
  progress: z.number(),
  /** `null` while not known. */
  remainingMs: z.number().nonnegative().nullable(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type Job = z.infer<typeof Job>;

export const JobItemState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
export type JobItemState = z.infer<typeof JobItemState>;

/** What the writer made of a proposal. */
export const JobDecision = z.enum(['accepted', 'dismissed']);
export type JobDecision = z.infer<typeof JobDecision>;

/** One item of a job; `item` names what it is about. */
export const JobItem = z.object({
  item: z.string(),
  state: JobItemState,
  /** Runs that failed. */
  attempts: count,
  /** Why it failed last. */
  error: ErrorReportSchema.nullable(),
  outcome: JobOutcome.nullable(),
  decision: JobDecision.nullable(),
});
export type JobItem = z.infer<typeof JobItem>;

import { z } from 'zod';
import { Language } from '../story/scene.ts';
import { ModelId } from './modelId.ts';
import { TaskKind, type Weight } from './routing.ts';

/** What the writer did with an answer. `ticked` and `unticked`: statements that models disagreed about. */
export const VoteKind = z.enum(['up', 'down', 'accepted', 'edited', 'rejected', 'ticked', 'unticked']);
export type VoteKind = z.infer<typeof VoteKind>;

/** What opinions are about: a model at a task in a language. */
export const OpinionKey = z.object({ task: TaskKind, language: Language, modelId: ModelId });
export type OpinionKey = z.infer<typeof OpinionKey>;

export const Vote = OpinionKey.extend({
  kind: VoteKind,
  /** Milliseconds since 1970. */
  at: z.number().int().nonnegative(),
});
export type Vote = z.infer<typeof Vote>;

/** The writer's own setting for a model: −1 never before others … 1 before all others. */
export const Setting = OpinionKey.extend({ value: z.number().min(-1).max(1) });
export type Setting = z.infer<typeof Setting>;

/** One line of the writer's opinions, as a window shows it. */
export const Opinion = OpinionKey.extend({
  /** What the votes and the setting come to. */
  value: z.number().min(-1).max(1),
  /** How many votes were for it, and how many against. */
  liked: z.number().int().nonnegative(),
  disliked: z.number().int().nonnegative(),
  /** `null`: the votes decide. */
  setting: z.number().min(-1).max(1).nullable(),
});
export type Opinion = z.infer<typeof Opinion>;

/** All that a writer said about models, to carry to another machine. It holds no text of any story. */
export const FeedbackFile = z.object({
  format: z.literal('storyloom-preferences'),
  version: z.literal(1),
  votes: z.array(Vote).max(100_000),
  settings: z.array(Setting).max(10_000),
});
export type FeedbackFile = z.infer<typeof FeedbackFile>;

/** How good the answer was, 0…1, and how much the vote counts: a thumb is meant, a rejection may be mere impatience. */
const meanings: Readonly<Record<VoteKind, { readonly good: number; readonly strength: number }>> = {
  up: { good: 1, strength: 1 },
  down: { good: 0, strength: 1 },
  accepted: { good: 1, strength: 1 },
  edited: { good: 0.75, strength: 0.5 },
  rejected: { good: 0, strength: 0.7 },
  ticked: { good: 1, strength: 0.5 },
  unticked: { good: 0, strength: 0.5 },
};

/** Whether a vote speaks for its model. */
export const isLiked = ({ kind }: Pick<Vote, 'kind'>): boolean => meanings[kind].good > 0.5;

/** A vote counts half after so long: tastes change, and so do models. */
const halfLifeMs = 60 * 24 * 3600 * 1000;
/** Good and bad answers that every model is taken to have given before its first: so three votes decide nothing. */
const prior = 3;
/** An opinion is formed when the mean is so many standard deviations from indifference … */
const formsAt = 1.645;
/** … and given up only when it has come much nearer: votes that waver do not make the route waver. */
const fadesAt = 0.5;

/** Counts of good and bad answers, and the opinion that they have formed so far. */
interface Tally {
  good: number;
  bad: number;
  votes: number;
  opinion: -1 | 0 | 1;
}

const meanOf = ({ good, bad }: Tally): number => (prior + good) / (2 * prior + good + bad);

/** Variance of the Beta distribution that the counts leave. */
const varianceOf = (tally: Tally): number => {
  const total = 2 * prior + tally.good + tally.bad;
  const mean = meanOf(tally);
  return (mean * (1 - mean)) / (total + 1);
};

function reconsider(tally: Tally): void {
  const deviations = (meanOf(tally) - 0.5) / Math.sqrt(varianceOf(tally));
  if (deviations > formsAt) tally.opinion = 1;
  else if (deviations < -formsAt) tally.opinion = -1;
  else if (deviations * tally.opinion < fadesAt) tally.opinion = 0;
}

/** The favourite of several that are liked; another becomes it only where the difference is no chance. */
function favouriteOf(tallies: ReadonlyMap<ModelId, Tally>, before: ModelId | null): ModelId | null {
  let favourite = before !== null && tallies.get(before)?.opinion === 1 ? before : null;
  for (const [id, tally] of tallies) {
    if (tally.opinion !== 1) continue;
    const present = favourite === null ? undefined : tallies.get(favourite);
    const margin = present ? formsAt * Math.sqrt(varianceOf(present) + varianceOf(tally)) : 0;
    if (!present || meanOf(tally) - meanOf(present) > margin) favourite = id;
  }
  return favourite;
}

/**
 * What votes about one task in one language say of its models, oldest vote first: 1 the favourite, 0.5 liked, −1 disliked;
 * 0 and models without votes: no opinion. Bayesian and slow on purpose: five votes of one mind form an opinion, single
 * votes against it do not end it, and all fade with time.
 */
export function weightsOf(votes: readonly Vote[], now: number): Record<ModelId, Weight> {
  const tallies = new Map<ModelId, Tally>();
  let favourite: ModelId | null = null;
  let last = votes[0]?.at ?? now;
  const age = (to: number) => {
    const kept = 0.5 ** (Math.max(0, to - last) / halfLifeMs);
    last = Math.max(last, to);
    if (kept === 1) return;
    for (const tally of tallies.values()) {
      tally.good *= kept;
      tally.bad *= kept;
      reconsider(tally);
    }
  };
  for (const { modelId, kind, at } of votes) {
    age(at);
    const tally = tallies.get(modelId) ?? { good: 0, bad: 0, votes: 0, opinion: 0 };
    const { good, strength } = meanings[kind];
    tally.good += good * strength;
    tally.bad += (1 - good) * strength;
    tally.votes += 1;
    tallies.set(modelId, tally);
    reconsider(tally);
    favourite = favouriteOf(tallies, favourite);
  }
  age(now);
  favourite = favouriteOf(tallies, favourite);
  const weights: Record<ModelId, Weight> = {};
  for (const [id, tally] of tallies) {
    const value = tally.opinion === 1 && id !== favourite ? 0.5 : tally.opinion;
    weights[id] = { value, votes: tally.votes, manual: false };
  }
  return weights;
}

/** The writer's own settings in place of what the votes say. */
export function withSettings(
  weights: Readonly<Record<ModelId, Weight>>,
  settings: readonly Pick<Setting, 'modelId' | 'value'>[],
): Record<ModelId, Weight> {
  const result = { ...weights };
  for (const { modelId, value } of settings) {
    result[modelId] = { value, votes: weights[modelId]?.votes ?? 0, manual: true };
  }
  return result;
}

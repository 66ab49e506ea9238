import type { Vote } from '#shared/models/feedback.ts';
import type { JobDecision, JobItem, JobOrder } from '#shared/models/job.ts';
import { taskOfStyle } from '#shared/models/routing.ts';

/** A decision about many proposals at once is no more than so many votes on each model: nobody read them all. */
const maxVotesEach = 3;

/** What accepting or dismissing proposals of a job says about the models that made them. */
export function votesOfDecision(
  order: JobOrder,
  decided: readonly JobItem[],
  decision: JobDecision,
): Omit<Vote, 'at'>[] {
  const { language } = order.options;
  const task = order.kind === 'describe-pictures' ? taskOfStyle(order.options.style) : 'compose';
  const counts = new Map<string, number>();
  return decided.flatMap(({ outcome }) => {
    if (outcome === null) return [];
    const { modelId } = outcome.value;
    const count = (counts.get(modelId) ?? 0) + 1;
    counts.set(modelId, count);
    if (count > maxVotesEach) return [];
    const kind = decision === 'accepted' ? 'accepted' : 'rejected';
    return [{ task, language, modelId, kind }];
  });
}

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FeedbackFile, Opinion, OpinionKey, Setting, Vote } from '../models/feedback.ts';

/** What the writer thinks of models. Votes are kept on this machine, and hold no text of any story. */
export const feedback = {
  /** One line for each task, language and model that was voted on or set. */
  list: oc.output(z.array(Opinion)),
  /** Errors: disk/*. */
  vote: oc.input(
    z.object({
      votes: z
        .array(Vote.omit({ at: true }))
        .min(1)
        .max(200),
    }),
  ),
  /** Sets a model's weight by hand; `null` leaves it to the votes again. Errors: disk/*. */
  set: oc.input(Setting.extend({ value: Setting.shape.value.nullable() })),
  /** Forgets votes and settings: those of one line, or all. Errors: disk/*. */
  reset: oc.input(z.object({ of: OpinionKey.nullable() })),
  export: oc.output(FeedbackFile),
  /** Adds what is not known yet; settings of the file replace those here. Errors: disk/*. */
  import: oc.input(FeedbackFile).output(z.object({ votes: z.number().int(), settings: z.number().int() })),
};

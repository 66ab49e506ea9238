import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { WarmUpEvent } from '../models/warmUp.ts';
import { cache } from './cache.ts';
import { metrics } from './metrics.ts';
import { SessionId } from './studio.ts';

/** What the monitoring page shows. Errors of all: engine/*. */
export const monitoring = {
  summary: metrics.summary,
  series: metrics.series,
  cache: cache.summary,
  clearCache: cache.clear,
  /**
   * Makes ready what an open story will need soon, while nobody waits for a model, and tells what it does; ends when all
   * is ready, or where the settings or the story forbid it. Errors: project/closed.
   */
  warmUp: oc.input(z.object({ sessionId: SessionId })).output(eventIterator(WarmUpEvent)),
  /**
   * Writes a file for a bug report: versions, settings, devices, figures and the last lines of the logs; nothing of a
   * story, no token, no name of the home folder. Errors: disk/*.
   */
  report: oc.output(z.object({ path: z.string() })),
};

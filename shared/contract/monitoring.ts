import { oc } from '@orpc/contract';
import { z } from 'zod';
import { cache } from './cache.ts';
import { metrics } from './metrics.ts';

/** What the monitoring page shows. Errors of all: engine/*. */
export const monitoring = {
  summary: metrics.summary,
  series: metrics.series,
  cache: cache.summary,
  clearCache: cache.clear,
  /**
   * Writes a file for a bug report: versions, settings, devices, figures and the last lines of the logs; nothing of a
   * story, no token, no name of the home folder. Errors: disk/*.
   */
  report: oc.output(z.object({ path: z.string() })),
};

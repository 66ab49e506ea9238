import { oc } from '@orpc/contract';
import { CacheSummary } from '../models/cache.ts';

/** What the engine remembers. It holds nothing that would be missed. */
export const cache = {
  summary: oc.output(CacheSummary),
  /** Forgets every answer and vector. */
  clear: oc.output(CacheSummary),
};

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { MetricsExport, MetricsPoint, MetricsRange, MetricsSummary } from '../models/metrics.ts';
import { ModelId } from '../models/modelId.ts';
import { TaskKind } from '../models/routing.ts';

const inRange = z.object({ range: MetricsRange });

/** What the models took: times, sizes and codes, never what they were asked. Kept for 30 days on this machine. */
export const metrics = {
  summary: oc.input(inRange).output(MetricsSummary),
  /** The range in equal stretches, oldest first. */
  series: oc.input(inRange).output(z.array(MetricsPoint)),
  /** Who did this kind of task last; `null` where nobody did in 30 days. */
  lastUsed: oc.input(z.object({ task: TaskKind })).output(z.object({ modelId: ModelId.nullable() })),
  export: oc.output(MetricsExport),
};

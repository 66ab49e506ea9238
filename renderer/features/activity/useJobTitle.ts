import { useTranslation } from 'react-i18next';
import type { Job, JobKindName, JobOptions, JobOrder } from '#shared/models/job.ts';

/** The words of each kind of job; a kind without any does not compile. */
const words: {
  readonly [Kind in JobKindName]: (
    options: JobOptions<Kind>,
  ) => 'alt' | 'detailed' | 'summaries' | 'translations';
} = {
  'describe-pictures': ({ style }) => style,
  'summarise-scenes': () => 'summaries',
  'translate-scenes': () => 'translations',
};

const wordOf = (order: JobOrder) =>
  order.kind === 'describe-pictures' ? words[order.kind](order.options) : words[order.kind](order.options);

/** What a job is called. */
export function useJobTitle(): (job: Job) => string {
  const { t } = useTranslation();
  return ({ order, counts }) => {
    const count = Object.values(counts).reduce((sum, items) => sum + items, 0);
    return t(`activity.kinds.${wordOf(order)}`, { count });
  };
}

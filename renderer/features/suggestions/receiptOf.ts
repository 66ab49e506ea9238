import type { PromptReport } from '#shared/models/task.ts';
import type { Draft } from '../../stores/suggestionStore.ts';

/** All that it takes to have the same words again, and what came, as JSON. */
export const receiptOf = (
  { purpose, language, instruction, seed, result, text }: Draft,
  report: PromptReport,
): string =>
  JSON.stringify(
    {
      model: report.modelId,
      revision: result?.answered.revision ?? '',
      precision: result?.answered.precision ?? null,
      device: result?.answered.device ?? '',
      seed,
      purpose,
      language,
      instruction,
      prompt: report.prompt,
      parts: report.parts.map(({ name, label, sent, tokens }) => ({ name, label, sent, tokens })),
      text,
    },
    null,
    2,
  );

import type { Opinion } from '#shared/models/feedback.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import type { ModelEntry } from '#shared/models/modelState.ts';
import type { TaskKind } from '#shared/models/routing.ts';
import type { Language } from '#shared/story/scene.ts';

const isInstalled = ({ status }: ModelEntry): boolean =>
  status.state === 'failed' ? status.installed : status.state !== 'absent' && status.state !== 'installing';

function does({ manifest: { capabilities, writing } }: ModelEntry, task: TaskKind): boolean {
  switch (task) {
    case 'write':
      return capabilities.text_generation && writing !== undefined;
    case 'compose':
      return capabilities.text_generation && writing?.form === 'chat';
    case 'rank':
      return capabilities.similarity_computation;
    case 'describe':
      // What sees and writes describes pictures, even where it answers no questions.
      return capabilities.question_answering || (capabilities.image_encoding && capabilities.text_generation);
    case 'answer':
    case 'tell':
      return capabilities.question_answering;
  }
}

/** A model that the writer may have an opinion of, with the one there is. */
export interface Favoured {
  readonly modelId: ModelId;
  readonly opinion: Opinion | null;
}

/**
 * Models that do a task in a language; also those that were voted on and are gone. Their order does not follow the
 * opinions: a slider must not run away from the hand that moves it.
 */
export function modelsFor(
  models: readonly ModelEntry[],
  opinions: readonly Opinion[],
  { task, language }: { readonly task: TaskKind; readonly language: Language },
): Favoured[] {
  const here = opinions.filter((opinion) => opinion.task === task && opinion.language === language);
  const able = models
    .filter((entry) => isInstalled(entry) && does(entry, task) && entry.manifest.languages.includes(language))
    .map(({ manifest }) => manifest.id);
  const all = [...new Set([...able, ...here.map(({ modelId }) => modelId)])];
  return all.map((modelId) => ({
    modelId,
    opinion: here.find((opinion) => opinion.modelId === modelId) ?? null,
  }));
}

import {
  FeedbackFile,
  isLiked,
  type Opinion,
  type OpinionKey,
  type Vote,
  weightsOf,
  withSettings,
} from '#shared/models/feedback.ts';
import type { ModelId } from '#shared/models/manifest.ts';
import { type Routing, TaskKind, type Weight } from '#shared/models/routing.ts';
import { Language } from '#shared/story/scene.ts';
import type { Work } from '../work/createWork.ts';
import { FeedbackStore } from './FeedbackStore.ts';

/** What the writer wants of the choice of a model for a task in a language. */
export type RoutingFor = (task: TaskKind, language: Language, chosen: ModelId | null) => Routing;

/** The `feedback` namespace of the contract, and what it says to every call to the engine. */
export interface FeedbackService {
  readonly routing: RoutingFor;
  list(): Opinion[];
  vote(input: { votes: readonly Omit<Vote, 'at'>[] }): void;
  set(input: OpinionKey & { value: number | null }): void;
  reset(input: { of: OpinionKey | null }): void;
  export(): FeedbackFile;
  import(input: FeedbackFile): { votes: number; settings: number };
}

export function createFeedbackService({
  work,
  now = Date.now,
}: {
  work: Work;
  now?: () => number;
}): FeedbackService {
  const store = new FeedbackStore(work);

  const weights = (task: TaskKind, language: Language): Record<ModelId, Weight> => {
    const settings = store.settings().filter((one) => one.task === task && one.language === language);
    return withSettings(weightsOf(store.votesOn(task, language), now()), settings);
  };

  return {
    routing(task, language, chosen) {
      let known: Record<ModelId, Weight> = {};
      try {
        known = weights(task, language);
      } catch {
        // A disk that fails must not keep the writer from a model; it is told where it is written to.
      }
      return { chosen, weights: known, remoteAllowed: false };
    },

    list() {
      const votes = store.votes();
      const settings = store.settings();
      return TaskKind.options.flatMap((task) =>
        Language.options.flatMap((language) =>
          Object.entries(weights(task, language)).map(([modelId, { value }]): Opinion => {
            const isHere = (one: OpinionKey) =>
              one.task === task && one.language === language && one.modelId === modelId;
            const own = votes.filter(isHere);
            const liked = own.filter(isLiked).length;
            return {
              task,
              language,
              modelId: modelId as ModelId,
              value,
              liked,
              disliked: own.length - liked,
              setting: settings.find(isHere)?.value ?? null,
            };
          }),
        ),
      );
    },

    vote({ votes }) {
      const at = now();
      store.add(votes.map((vote) => ({ ...vote, at })));
    },
    set: ({ value, ...key }) => store.set(key, value),
    reset: ({ of }) => store.reset(of),

    export: () => ({
      format: 'storyloom-preferences',
      version: 1,
      votes: store.votes(),
      settings: store.settings(),
    }),
    import(file) {
      const { votes, settings } = FeedbackFile.parse(file);
      const added = store.add(votes, { unlessKnown: true });
      for (const { value, ...key } of settings) store.set(key, value);
      return { votes: added, settings: settings.length };
    },
  };
}

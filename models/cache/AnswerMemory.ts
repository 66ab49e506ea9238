import type { ModelEntry } from '#shared/models/modelState.ts';
import type { Answered } from '#shared/models/routing.ts';
import type { AnswerCache } from './AnswerCache.ts';
import { type Answerer, type Asked, cacheKey } from './cacheKey.ts';

/** An answer that was given before, event by event, and in which arithmetic. */
export interface Recalled {
  readonly events: readonly unknown[];
  readonly placement: Placement;
}

type Placement = Pick<Answerer, 'device'> & Pick<Answered, 'precision'>;

/** What the models answered before. A model need not be in memory for its answer to be found. */
export class AnswerMemory {
  readonly #answers: AnswerCache;
  readonly #firstDevice: () => string;

  /** `firstDevice` is where a model would be loaded. */
  constructor(answers: AnswerCache, firstDevice: () => string) {
    this.#answers = answers;
    this.#firstDevice = firstDevice;
  }

  /** What a model would answer as it is, or would be loaded; `null` where it was not asked before. */
  recall(entry: ModelEntry, asked: Asked): Recalled | null {
    const placement = expectedPlacement(entry, this.#firstDevice());
    if (placement.precision === null) return null;
    const { id, revision } = entry.manifest;
    const answerer = { modelId: id, revision, precision: placement.precision, device: placement.device };
    const events = this.#answers.get(asked.task, cacheKey(answerer, asked));
    return Array.isArray(events) ? { events, placement } : null;
  }

  /** Remembers an answer that came to its end. */
  keep({ modelId, revision, precision, device }: Answered, asked: Asked, events: readonly object[]): void {
    if (precision === null) return;
    const key = cacheKey({ modelId, revision, precision, device }, asked);
    this.#answers.put(asked.task, key, joinTexts(events));
  }
}

/** How a model is held, or how it would be: in the best installed precision that fits. */
export function expectedPlacement({ status, variants }: ModelEntry, firstDevice: string): Placement {
  if (status.state === 'loaded') return { precision: status.precision, device: status.device };
  const installed = variants.filter((variant) => variant.installed);
  const best =
    installed.find(({ fit }) => fit.verdict === 'fits') ??
    installed.find(({ fit }) => fit.verdict === 'tight') ??
    installed.toSorted((a, b) => a.fit.neededBytes - b.fit.neededBytes)[0];
  return { precision: best?.precision ?? null, device: firstDevice };
}

interface TextEvent {
  readonly type: 'text';
  readonly text: string;
}

const isText = (event: object | undefined): event is TextEvent =>
  event !== undefined && 'type' in event && event.type === 'text' && 'text' in event;

/** The same events, neighbouring pieces of text as one: nobody waits for what is remembered. */
function joinTexts(events: readonly object[]): object[] {
  const joined: object[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (isText(event) && isText(last)) joined.splice(-1, 1, { ...event, text: last.text + event.text });
    else joined.push(event);
  }
  return joined;
}

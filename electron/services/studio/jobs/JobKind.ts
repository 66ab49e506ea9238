import type { JobKindName, JobOptions, JobValue } from '#shared/models/job.ts';
import type { Session } from '../session.ts';
import type { JobLane } from './planNext.ts';

/** What an item is done with. */
export interface ItemContext<Kind extends JobKindName> {
  /** The story, open and writable. */
  readonly session: Session;
  readonly options: JobOptions<Kind>;
  /** Aborted when the job is cancelled or the studio closes. */
  readonly signal: AbortSignal;
  /** Tells how far the item is, 0…1. */
  progress(share: number): void;
}

/**
 * How one kind of job is done. An item is a short name of what it is about: the id of a picture, a scene, a character.
 * A kind changes nothing in the story: what it returns is a proposal. An item may be run again after a crash, so it
 * leaves nothing behind but its result. What it throws decides by its code whether it is tried again.
 */
export interface JobKind<Kind extends JobKindName> {
  readonly lane: JobLane;
  /** The items where the writer named none: whatever in the story needs it. */
  plan(session: Session, options: JobOptions<Kind>): readonly string[];
  run(item: string, context: ItemContext<Kind>): Promise<JobValue<Kind>>;
}

/** Every kind by its name. */
export type JobKinds = { readonly [Kind in JobKindName]: JobKind<Kind> };

/** What a job does, its options taken in. */
export interface OrderedWork {
  readonly lane: JobLane;
  /** The items where the writer named none. */
  plan(session: Session): readonly string[];
  run(item: string, context: Omit<ItemContext<JobKindName>, 'options'>): Promise<JobValue<JobKindName>>;
}

/** The kind that an order names, with the order's options. */
export function workOf<Kind extends JobKindName>(
  kinds: JobKinds,
  order: { readonly kind: Kind; readonly options: JobOptions<Kind> },
): OrderedWork {
  const kind: JobKind<Kind> = kinds[order.kind];
  const { options } = order;
  return {
    lane: kind.lane,
    plan: (session) => kind.plan(session, options),
    run: (item, context) => kind.run(item, { ...context, options }),
  };
}

import { StoryPlan } from '#shared/models/storyPlan.ts';
import type { StoryId } from '#shared/story/ids.ts';
import type { Work } from '../work/createWork.ts';
import type { WorkTables } from '../work/openWorkDatabase.ts';

const tables: WorkTables = {
  owner: 'story-plans',
  steps: ['CREATE TABLE story_plans (story_id TEXT PRIMARY KEY, plan TEXT NOT NULL) STRICT'],
};

/** The plan of each story, kept over restarts. */
export class StoryPlans {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** `null` where there is none that can be read. Errors: disk/*. */
  get(storyId: StoryId): StoryPlan | null {
    const row = this.#database.prepare('SELECT plan FROM story_plans WHERE story_id = ?').get(storyId);
    if (typeof row?.['plan'] !== 'string') return null;
    const plan = StoryPlan.safeParse(JSON.parse(row['plan']));
    return plan.success ? plan.data : null;
  }

  /** Errors: disk/*. */
  put(plan: StoryPlan): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO story_plans VALUES (?, ?)')
      .run(plan.storyId, JSON.stringify(plan));
  }

  /** Errors: disk/*. */
  remove(storyId: StoryId): void {
    this.#database.prepare('DELETE FROM story_plans WHERE story_id = ?').run(storyId);
  }

  get #database() {
    return this.#work.database(tables);
  }
}

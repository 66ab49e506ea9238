import type { createStoryService } from '../storyService.ts';

type StoryService = ReturnType<typeof createStoryService>;

const limitMs = 1000;

export interface PageSaves {
  /** The service given, watched. */
  readonly story: StoryService;
  /** Resolves when every page that shows a story has saved it, or after two seconds: a page may hang. */
  savePages(): Promise<void>;
}

/**
 * Lets a host that is about to close have the last keystrokes: pages hold what was typed in the last moments until
 * they send it. `ask` is what makes a page save (the menu's action); whoever watches a story is expected to answer.
 */
export function trackPageSaves(service: StoryService, ask: () => void): PageSaves {
  let watching = 0;
  const waiting = new Set<() => void>();
  const story: StoryService = {
    ...service,
    async *watch(input, signal) {
      watching += 1;
      try {
        yield* service.watch(input, signal);
      } finally {
        watching -= 1;
      }
    },
    async save(input) {
      try {
        return await service.save(input);
      } finally {
        for (const saved of waiting) saved();
      }
    },
  };
  async function askOnce(): Promise<void> {
    let missing = watching;
    if (missing === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, limitMs);
    const saved = () => {
      missing -= 1;
      if (missing <= 0) resolve();
    };
    waiting.add(saved);
    ask();
    await promise;
    waiting.delete(saved);
    clearTimeout(timer);
  }
  return {
    story,
    async savePages(): Promise<void> {
      // Twice: at the first asking an editor hands over the text it still holds, which may come too late for that save.
      await askOnce();
      await askOnce();
    },
  };
}

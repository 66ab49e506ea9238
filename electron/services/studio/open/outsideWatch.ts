import { basename, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { isAside } from '../files/fileNames.ts';

/** A running watch over a story folder. */
export interface OutsideWatch {
  close(): Promise<void>;
}

const settleMs = 250;
/** A large folder takes a moment to watch, and the window is waiting for its story. What changed until then is looked for. */
const beginMs = 500;
const imageIndex = 'images/index.jsonl';

/**
 * Tells, a moment after the last one, that files of the story may have changed. It is a hint, not a promise: network
 * drives and full watch tables say nothing, and every save compares for itself.
 */
export function watchOutside(folder: string, onChange: () => void): OutsideWatch {
  let timer: NodeJS.Timeout | null = null;
  const insideOf = (path: string): string => relative(folder, path).split(sep).join('/');
  const isOurs = (path: string): boolean => {
    const inside = insideOf(path);
    return inside === 'story.json' || inside === imageIndex || /^(?:scenes|characters)\//.test(inside);
  };
  /** Thousands of pictures would be looked at and watched one by one, for nothing. */
  const isPicture = (path: string): boolean => {
    const inside = insideOf(path);
    return inside.startsWith('images/') && inside !== imageIndex;
  };
  const changed = () => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  };
  const begin = (): FSWatcher =>
    watch(folder, {
      ignoreInitial: true,
      depth: 1,
      followSymlinks: false,
      ignored: (path) =>
        path !== folder && (basename(path).startsWith('.') || isAside(path) || isPicture(path)),
    })
      .on('all', (_event, path) => {
        if (isOurs(path)) changed();
      })
      .on('error', () => undefined)
      .on('ready', changed);
  let watcher: FSWatcher | null = null;
  const beginning = setTimeout(() => {
    watcher = begin();
  }, beginMs);
  return {
    close: async () => {
      clearTimeout(beginning);
      if (timer) clearTimeout(timer);
      await watcher?.close();
    },
  };
}

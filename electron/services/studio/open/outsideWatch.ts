import { basename, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { isAside } from '../files/fileNames.ts';

/** A running watch over a story folder. */
export interface OutsideWatch {
  close(): Promise<void>;
}

const settleMs = 250;

/**
 * Tells, a moment after the last one, that files of the story may have changed. It is a hint, not a promise: network
 * drives and full watch tables say nothing, and every save compares for itself.
 */
export function watchOutside(folder: string, onChange: () => void): OutsideWatch {
  let timer: NodeJS.Timeout | null = null;
  const isOurs = (path: string): boolean => {
    const inside = relative(folder, path).split(sep).join('/');
    return (
      inside === 'story.json' || inside === 'images/index.jsonl' || /^(?:scenes|characters)\//.test(inside)
    );
  };
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: 1,
    followSymlinks: false,
    ignored: (path) => path !== folder && (basename(path).startsWith('.') || isAside(path)),
  });
  watcher.on('all', (_event, path) => {
    if (!isOurs(path)) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  });
  watcher.on('error', () => undefined);
  return {
    close: async () => {
      if (timer) clearTimeout(timer);
      await watcher.close();
    },
  };
}

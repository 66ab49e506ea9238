import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | undefined;
let timer: NodeJS.Timeout | undefined;

/** By then nobody who released a model holds it any more. */
const afterMs = 20;

/**
 * Collects soon what a released model leaves on JavaScript's heap (tokenizers, caches): V8 would keep some 200 MiB of it
 * until it feels like it. Takes some 10 ms.
 */
export function collectGarbage(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (!collect) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as Collect;
    }
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, afterMs);
  timer.unref();
}

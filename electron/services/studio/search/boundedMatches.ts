import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';

/** A place in the nth text, in UTF-16. */
export interface TextMatch {
  readonly text: number;
  readonly at: number;
  readonly length: number;
}

const Answer = z.array(z.tuple([z.number(), z.number(), z.number()]));

/** Runs alone in a worker, as text, so that it needs no file of its own beside the bundle. */
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
const { source, flags, texts, limit } = workerData;
const found = [];
for (const [index, text] of texts.entries()) {
  for (const match of text.matchAll(new RegExp(source, flags))) {
    if (match[0].length > 0) found.push([index, match.index, match[0].length]);
    if (found.length >= limit) break;
  }
  if (found.length >= limit) break;
}
parentPort.postMessage(found);
`;

/**
 * Every match of a pattern that somebody typed, at most `limit`; empty matches do not count. A pattern that would run
 * for ever runs in a thread of its own and is stopped. Errors: input/invalid after `limitMs`.
 */
export async function boundedMatches(
  pattern: RegExp,
  texts: readonly string[],
  limit: number,
  limitMs: number,
): Promise<TextMatch[]> {
  const worker = new Worker(workerSource, {
    eval: true,
    workerData: { source: pattern.source, flags: pattern.flags, texts, limit },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<unknown>((resolve, reject) => {
      const tooSlow = () =>
        reject(new AppError('input/invalid', 'The pattern takes too long', { details: { limitMs } }));
      timer = setTimeout(tooSlow, limitMs);
      worker.once('message', resolve);
      worker.once('error', (error) =>
        reject(new AppError('input/invalid', 'The pattern cannot be run', { cause: error })),
      );
    });
    return Answer.parse(answer).map(([text, at, length]) => ({ text, at, length }));
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

import { join } from 'node:path';
import type { CacheSummary } from '#shared/models/cache.ts';
import { AnswerCache } from './AnswerCache.ts';
import { cacheTables } from './cacheTables.ts';
import { RemadeDatabase } from './RemadeDatabase.ts';
import { VectorStore } from './VectorStore.ts';

/** What the engine remembers because it would come out the same again. */
export interface Cache {
  readonly answers: AnswerCache;
  readonly vectors: VectorStore;
  summary(): CacheSummary;
  clear(): void;
  close(): void;
}

const mostAnswerBytes = 64 * 1024 ** 2;
/** Some 100,000 vectors of CLIP. */
const mostVectorBytes = 256 * 1024 ** 2;

/** Opens `cache.sqlite` beside the models. Never fails: see `RemadeDatabase`. */
export function openCache(
  folder: string,
  limits: { readonly answerBytes?: number; readonly vectorBytes?: number } = {},
): Cache {
  const database = new RemadeDatabase(join(folder, 'cache.sqlite'), cacheTables);
  const answers = new AnswerCache(database, limits.answerBytes ?? mostAnswerBytes);
  const vectors = new VectorStore(database, limits.vectorBytes ?? mostVectorBytes);
  return {
    answers,
    vectors,
    summary: () => ({ answers: answers.summary(), vectors: vectors.summary(), failure: database.failure }),
    clear() {
      answers.clear();
      vectors.clear();
    },
    close() {
      answers.flush();
      database.close();
    },
  };
}

/** Vectors that nobody will need after this process. */
export const openVectorsInMemory = (): VectorStore =>
  new VectorStore(new RemadeDatabase(':memory:', cacheTables), mostVectorBytes);

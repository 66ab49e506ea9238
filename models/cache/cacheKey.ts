import { createHash } from 'node:crypto';
import { builtInTemplates } from '#shared/text/prompts/templates.ts';
import type { Raster } from '../preprocessing/raster.ts';
import { canonicalJson, type Json } from './canonicalJson.ts';

/** Raised whenever an adapter, a prompt or the sampler comes to answer otherwise than before. */
export const answersVersion = 1;

/** Who would answer: the same weights in the same arithmetic. */
export interface Answerer {
  readonly modelId: string;
  readonly revision: string;
  readonly precision: string;
  /** Devices round differently, so that a drawn text may differ. */
  readonly device: string;
}

/** What is asked, as far as it may change the answer: no paths, no times, no handles; pictures by their pixels' hash. */
export interface Asked {
  readonly task: string;
  readonly request: Json;
  readonly pixels: readonly string[];
}

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** The words that prompts are made of; the writer's own templates are part of the request. */
const words = sha256(canonicalJson(builtInTemplates));

/** A hash of everything that may change an answer, and of nothing else. */
export const cacheKey = ({ modelId, revision, precision, device }: Answerer, asked: Asked): string =>
  sha256(
    canonicalJson({
      version: [answersVersion, words],
      answerer: [modelId, revision, precision, device],
      asked: [asked.task, asked.request, asked.pixels],
    }),
  );

/** Hash of a picture as a model sees it. */
export const pixelsHash = ({ width, height, rgb }: Raster): string =>
  createHash('sha256')
    .update(`${String(width)}×${String(height)}\n`)
    .update(rgb)
    .digest('hex');

/** Hash of a text, for vectors. */
export const textHash = (text: string): string => sha256(text);

/** Whether the same request has the same answer every time: greedy, or drawn from a seed that was asked for. */
export const isDeterministic = (sampling: {
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
}): boolean => sampling.temperature === 0 || sampling.seed !== undefined;

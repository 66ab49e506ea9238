import { z } from 'zod';
import { ModelManifest, Precision } from './manifest.ts';

/**
 * Why an absent model cannot be installed from here. `no-adapter`: nothing here runs its architecture. `layout`: its
 * published files are in a layout that is not run. `needs-export`: its weights must be converted with `models/export`.
 * `no-export`: no way is known; the manifest names a successor.
 */
export const Obstacle = z.enum(['no-adapter', 'layout', 'needs-export', 'no-export']);
export type Obstacle = z.infer<typeof Obstacle>;

/** Where a model stands on this machine. Progress is 0…1. */
export const ModelState = z.discriminatedUnion('state', [
  /** `obstacle` is `null` where it can be installed. */
  z.object({ state: z.literal('absent'), obstacle: Obstacle.nullable() }),
  z.object({
    state: z.literal('installing'),
    precision: Precision,
    phase: z.enum(['download', 'verify', 'convert']),
    progress: z.number(),
    receivedBytes: z.number().nonnegative(),
    /** `null` while not known. */
    totalBytes: z.number().nonnegative().nullable(),
    bytesPerSecond: z.number().nonnegative().nullable(),
    remainingSeconds: z.number().nonnegative().nullable(),
  }),
  z.object({ state: z.literal('installed') }),
  z.object({ state: z.literal('loading'), precision: Precision }),
  z.object({
    state: z.literal('loaded'),
    precision: Precision,
    residentBytes: z.number(),
    device: z.string(),
    /** Why no faster device is used; empty where one is. */
    cpuReason: z.string(),
    pinned: z.boolean(),
    /** Of the last text it wrote; `null` before. */
    tokensPerSecond: z.number().nonnegative().nullable(),
  }),
  /** `installed` tells whether its files are there all the same. */
  z.object({ state: z.literal('failed'), code: z.string(), message: z.string(), installed: z.boolean() }),
]);
export type ModelState = z.infer<typeof ModelState>;

/**
 * Whether a variant can be held in memory, with the sum that says so. `tight`: it may be loaded, but other programs will
 * feel it. `too-big`: loading is refused; `lethal` then tells that "load anyway" cannot help.
 */
export const FitVerdict = z.object({
  verdict: z.enum(['fits', 'tight', 'too-big']),
  weightsBytes: z.number().nonnegative(),
  cacheBytes: z.number().nonnegative(),
  workingBytes: z.number().nonnegative(),
  /** weights + cache + working memory */
  neededBytes: z.number().nonnegative(),
  /** Free in this machine's memory, what idle models would give back included. */
  freeBytes: z.number().nonnegative(),
  budgetBytes: z.number().nonnegative(),
  lethal: z.boolean(),
  reason: z.enum([
    'none',
    'near-budget',
    'near-free-memory',
    'over-budget',
    'over-free-memory',
    'tensor-too-large',
  ]),
});
export type FitVerdict = z.infer<typeof FitVerdict>;

export const VariantEntry = z.object({ precision: Precision, installed: z.boolean(), fit: FitVerdict });
export type VariantEntry = z.infer<typeof VariantEntry>;

export const ModelEntry = z.object({
  manifest: ModelManifest,
  status: ModelState,
  /** In the manifest's order. */
  variants: z.array(VariantEntry),
  /** The best variant that fits this machine, else the smallest. */
  suggested: Precision,
});
export type ModelEntry = z.infer<typeof ModelEntry>;

/** How far a pack of a model is; the last event carries the model. */
export const PackEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    doneBytes: z.number().nonnegative(),
    totalBytes: z.number().nonnegative(),
  }),
  z.object({ type: z.literal('done'), entry: ModelEntry }),
]);
export type PackEvent = z.infer<typeof PackEvent>;

import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';

/** A small contract that can be made to misbehave in every way that matters to links and supervisors. */
export const probeContract = {
  echo: oc.input(z.object({ text: z.string() })).output(z.string()),
  fail: oc.input(z.object({ unexpected: z.boolean() })).output(z.string()),
  /** Counts to `count`, then fails if asked to. */
  count: oc
    .input(z.object({ count: z.number().int(), pauseMs: z.number(), thenFail: z.boolean() }))
    .output(eventIterator(z.number())),
  /** Never answers; ends only by its signal. */
  wait: oc.output(z.string()),
  /** How many `wait` calls were cancelled so far. */
  cancelled: oc.output(z.number()),
  die: oc.input(z.object({ signal: z.string(), afterMs: z.number() })).output(z.string()),
  /** Blocks the thread, as native inference does. */
  block: oc.input(z.object({ ms: z.number() })).output(z.string()),
  /** Really takes memory and keeps it; `idle` memory is given back when the supervisor asks for it. */
  take: oc.input(z.object({ mebibytes: z.number(), idle: z.boolean() })).output(z.string()),
  /** Says to the supervisor what its models may take. */
  expect: oc.input(z.object({ heldBytes: z.number(), loadingBytes: z.number() })).output(z.string()),
  environment: oc.output(z.record(z.string(), z.string())),
};
export type ProbeContract = typeof probeContract;

import { z } from 'zod';

/** What a model can do, in the specification's words; asked before a call, never found out by failing. */
export const Capability = z.enum([
  'image_encoding',
  'text_encoding',
  'text_generation',
  'question_answering',
  'similarity_computation',
  'multilingual',
]);
export type Capability = z.infer<typeof Capability>;
export const Capabilities = z.record(Capability, z.boolean());
export type Capabilities = z.infer<typeof Capabilities>;

import { z } from 'zod';

export const ModelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/)
  .brand<'ModelId'>();
export type ModelId = z.infer<typeof ModelId>;

import { z } from 'zod';

/** Choices of the writer that hold for every story on this machine. Unknown keys in the file are kept. */
export const Settings = z.object({
  uiLanguage: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  editor: z.object({
    fontFamily: z.enum(['serif', 'sans', 'mono']),
    fontSizePx: z.number().int().min(12).max(36),
    lineHeight: z.number().min(1.2).max(2.4),
    /** Width of the text column in characters. */
    columnWidthCh: z.number().int().min(40).max(120),
    typewriter: z.boolean(),
  }),
  /** `auto` is a plain Node child on Linux and a utility process elsewhere; see docs/decisions. */
  engineProcess: z.enum(['auto', 'node', 'utility']),
  /** Bytes of memory that models may hold together. */
  modelMemoryBytes: z.number().int().positive(),
  /** An unused model leaves the memory after this many minutes. */
  modelIdleMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60),
  /** Scheme and host of a mirror to fetch models from; empty for the official hub. */
  modelHub: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Where new stories go; empty means the Documents folder. */
  storiesFolder: z.string(),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = {
  uiLanguage: 'system',
  theme: 'system',
  editor: { fontFamily: 'serif', fontSizePx: 18, lineHeight: 1.7, columnWidthCh: 68, typewriter: false },
  engineProcess: 'auto',
  modelMemoryBytes: 4 * 1024 ** 3,
  modelIdleMinutes: 10,
  modelHub: '',
  storiesFolder: '',
};

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
  modelHub: z.union([
    z.literal(''),
    z.url({ protocol: /^https?$/ }).refine((text) => {
      const { username, password, search, hash } = new URL(text);
      return [username, password, search, hash].every((part) => part === '');
    }, 'an address without a name, a password or a query'),
  ]),
  /** Whether models are made ready before they are asked; `auto`: on larger machines. */
  warmUp: z.enum(['auto', 'on', 'off']),
  /** Where new stories go; empty means the Documents folder. */
  storiesFolder: z.string(),
});
export type Settings = z.infer<typeof Settings>;

/** A token for the official model hub. It is no setting: it is kept in a file of its own and never given to a window. */
export const HubToken = z.string().regex(/^[\x21-\x7e]{8,256}$/);
/** Name of that file in the application's data folder, readable by the writer's account alone. */
export const hubTokenFile = 'hub-token';

export const defaultSettings: Settings = {
  uiLanguage: 'system',
  theme: 'system',
  editor: { fontFamily: 'serif', fontSizePx: 18, lineHeight: 1.7, columnWidthCh: 68, typewriter: false },
  engineProcess: 'auto',
  modelMemoryBytes: 4 * 1024 ** 3,
  modelIdleMinutes: 10,
  modelHub: '',
  warmUp: 'auto',
  storiesFolder: '',
};

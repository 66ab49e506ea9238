import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { defaultSettings, Settings } from '#shared/settings.ts';
import { createId } from '#shared/story/ids.ts';
import { atomicSave } from '../disk/atomicSave.ts';
import { diskError, isMissing } from '../disk/diskError.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const maxFileLength = 1024 * 1024;

/** Takes over every value that is valid and the default for every other; one bad value does not cost the rest. */
export function readSettings(value: unknown): Settings {
  const fields = isFields(value) ? value : {};
  const editor = isFields(fields['editor']) ? fields['editor'] : {};
  const pick = <
    Shape extends Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>,
  >(
    shape: Shape,
    from: Fields,
    fallback: Fields,
  ) =>
    Object.fromEntries(
      Object.entries(shape).map(([key, schema]) => {
        const parsed = schema.safeParse(Object.hasOwn(from, key) ? from[key] : undefined);
        return [key, parsed.success ? parsed.data : fallback[key]];
      }),
    );
  const { editor: editorSchema, ...shape } = Settings.shape;
  return Settings.parse({
    ...pick(shape, fields, defaultSettings),
    editor: pick(editorSchema.shape, editor, defaultSettings.editor),
  });
}

/** Some settings to change; the others stay. */
export type SettingsChange = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

export interface SettingsFile {
  readonly current: Settings;
  /** Validates, writes, then returns what holds now. Errors: input/invalid, disk/*. */
  update(change: SettingsChange): Promise<Settings>;
}

/**
 * Opens `settings.json`. Damaged JSON is set aside as `settings.damaged.json`; unknown keys are kept; a file that could
 * not be read is never written over.
 */
export async function openSettingsFile(userDataFolder: string): Promise<SettingsFile> {
  const path = join(userDataFolder, 'settings.json');
  let stored: Fields = {};
  let unread: AppError | null = null;
  try {
    const text = await readFile(path, 'utf8');
    const parsed: unknown = text.length > maxFileLength ? null : JSON.parse(text);
    if (!isFields(parsed)) throw new SyntaxError('Not an object');
    stored = parsed;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) {
      await rename(path, join(userDataFolder, 'settings.damaged.json')).catch(() => undefined);
    } else if (!isMissing(thrown)) {
      unread = diskError(thrown, path);
    }
  }
  let current = readSettings(stored);
  const writer = createId().slice(0, 8);
  let work: Promise<unknown> = Promise.resolve();
  return {
    get current() {
      return current;
    },
    update(change) {
      const done = work.then(async () => {
        if (unread) throw unread;
        const given = Object.entries(change).filter(([, value]) => value !== undefined);
        const next = Settings.safeParse({ ...current, ...Object.fromEntries(given) });
        if (!next.success) throw new AppError('input/invalid', next.error.message);
        const storedEditor = isFields(stored['editor']) ? stored['editor'] : {};
        const written = { ...stored, ...next.data, editor: { ...storedEditor, ...next.data.editor } };
        await mkdir(userDataFolder, { recursive: true }).catch((thrown: unknown) => {
          throw diskError(thrown, userDataFolder);
        });
        await atomicSave(path, Buffer.from(`${JSON.stringify(written, null, 2)}\n`), { writer });
        stored = written;
        current = next.data;
        return current;
      });
      work = done.catch(() => undefined);
      return done;
    },
  };
}

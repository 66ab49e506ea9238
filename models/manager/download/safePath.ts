import { AppError } from '#shared/errors/AppError.ts';

/** Names that Windows keeps for devices, whatever their ending. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;
const longestPath = 255;

/** A file's path inside a model folder, good on every system and never leading out. Errors: input/invalid. */
export function safePath(path: string): string {
  const bad = path
    .split('/')
    .some(
      (part) =>
        part === '' ||
        /^\.+$/.test(part) ||
        /[\\:*?"<>|]|\p{Cc}/u.test(part) ||
        /[. ]$/.test(part) ||
        deviceName.test(part),
    );
  if (bad || path.length > longestPath || !path.isWellFormed()) {
    throw new AppError('input/invalid', 'A file name that leads out of the folder', { details: { path } });
  }
  return path;
}

/** What a download keeps beside a file until it is whole. */
export const partSuffixes = { bytes: '.part', state: '.part.json', newState: '.part.json.new' } as const;

/** How a name is told apart on systems that take no notice of case and of how a letter is composed. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/**
 * Checks that files can lie in one folder on every system: safe names, no two that differ in case alone, none that is a
 * folder of another, and none where a download keeps the beginning of another. Errors: input/invalid.
 */
export function checkFileNames(paths: readonly string[]): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  const beginnings = new Set<string>();
  for (const path of paths) {
    const name = folded(safePath(path));
    if (files.has(name)) throw collision(path);
    files.add(name);
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) folders.add(name.slice(0, at));
    for (const suffix of Object.values(partSuffixes)) beginnings.add(name + suffix);
  }
  const taken = [...files].find((name) => folders.has(name) || beginnings.has(name));
  if (taken !== undefined) throw collision(taken);
}

const collision = (path: string): AppError =>
  new AppError('input/invalid', 'Two files that would be one', { details: { path } });

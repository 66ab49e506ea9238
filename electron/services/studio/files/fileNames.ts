import { basename, extname } from 'node:path';
import { fileSlug } from '#shared/text/slug.ts';
import { isTemporary } from '../disk/atomicSave.ts';

/** `scenes/010-arrival-3f9a.md`: place, title and the end of the id; the whole id where that name is taken. */
export function sceneFileName(
  place: number,
  title: string,
  id: string,
  isTaken: (path: string) => boolean,
): string {
  const stem = `scenes/${String((place + 1) * 10).padStart(3, '0')}-${fileSlug(title)}`;
  const short = `${stem}-${id.slice(-4)}.md`;
  return isTaken(short) ? `${stem}-${id}.md` : short;
}

/** `characters/elara-91c2.md`. */
export function characterFileName(name: string, id: string, isTaken: (path: string) => boolean): string {
  const stem = `characters/${fileSlug(name)}`;
  const short = `${stem}-${id.slice(-4)}.md`;
  return isTaken(short) ? `${stem}-${id}.md` : short;
}

/** Where a scene's alternatives stand. */
export const alternativesPath = (scenePath: string): string =>
  scenePath.replace(/\.md$/, '.alternatives.json');

/** Where their version of a file is kept when both sides changed it. */
export function conflictPath(path: string, at: Date, isTaken: (path: string) => boolean): string {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[:T-]/g, '');
  for (let count = 1; ; count++) {
    const candidate = `${stem}.conflict-${time}${count === 1 ? '' : `-${String(count)}`}${extension}`;
    if (!isTaken(candidate)) return candidate;
  }
}

const ownConflict = /\.conflict-\d{14}(?:-\d+)?\.[a-z]+$/;

/** Whether a name in a story folder is none of the story's files: hidden, temporary, or a version kept of a conflict. */
export const isAside = (path: string): boolean => {
  const name = basename(path);
  return name.startsWith('.') || name.endsWith('~') || isTemporary(name) || ownConflict.test(name);
};

const syncSuffixes: readonly RegExp[] = [
  / \((?:.*['’]s )?(?:.* )?conflicted copy(?: [^)]*)?\)$/i,
  / \(.*(?:冲突|衝突).*\)$/,
  /\.sync-conflict-\d{8}-\d{6}(?:-[0-9A-Z]{7})?$/,
  / \(\d+\)$/,
  / \d+$/,
];

/**
 * The file that a sync tool's conflict copy was made of (Dropbox, Nextcloud, Syncthing, Google Drive, iCloud,
 * OneDrive), or `null` where the name is no such copy of one of `files`.
 */
export function conflictOrigin(path: string, files: ReadonlySet<string>): string | null {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (const suffix of syncSuffixes) {
    const origin = stem.replace(suffix, '') + extension;
    if (origin !== path && files.has(origin)) return origin;
  }
  // OneDrive puts the machine's name behind a dash, and such names have dashes of their own.
  for (let dash = stem.lastIndexOf('-'); dash > 0; dash = stem.lastIndexOf('-', dash - 1)) {
    const origin = stem.slice(0, dash) + extension;
    if (files.has(origin)) return origin;
  }
  return null;
}

import { statfs } from 'node:fs/promises';
import { AppError } from '#shared/errors/AppError.ts';

/** What stays free for the stories and for everything else on the disk. */
const marginBytes = 2 * 1024 ** 3;
/** Blocks, tables and what grows meanwhile. */
const overhead = 1.1;

/** Whether so many bytes may be written to a disk with so much room. */
export const hasRoom = (neededBytes: number, freeBytes: number): boolean =>
  neededBytes <= 0 || neededBytes * overhead + marginBytes <= freeBytes;

/** Refuses before anything is written what would leave the disk too full. Errors: disk/full, disk/*. */
export async function checkRoom(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (!hasRoom(neededBytes, freeBytes)) {
    throw new AppError('disk/full', 'The disk has not enough room', { details: { neededBytes, freeBytes } });
  }
}

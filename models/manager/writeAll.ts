import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all of some bytes, at a place or where the file stands. A disk may take less than it is given; what it refuses
 * comes as its error the next time.
 */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  at: number | null = null,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const place = at === null ? null : at + done;
    done += (await handle.write(bytes, done, bytes.length - done, place)).bytesWritten;
  }
}

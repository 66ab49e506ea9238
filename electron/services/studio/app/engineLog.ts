import { open } from 'node:fs/promises';
import { homedir } from 'node:os';

const maxBytes = 64 * 1024;
const maxLines = 200;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Writes `~` for the home folder, however it is spelled, so that a log can be shown and sent on. */
export function withoutHome(text: string, home: string = homedir()): string {
  const parts = home.split(/[\\/]/).filter((part) => part !== '');
  if (parts.length === 0) return text;
  const anySlash = String.raw`(?:\\\\|[\\/])`;
  const start = /^[\\/]/.test(home) ? anySlash : '';
  const pattern = start + parts.map((part) => escaped(part)).join(anySlash);
  const uri = escaped(encodeURI(home.replaceAll('\\', '/')));
  return text.replaceAll(new RegExp(`(?:${pattern}|${uri})(?![\\w.-])`, 'gi'), '~');
}

/** The last lines of a log file, oldest first, without the home folder; none where there is no file. */
export async function readLogTail(file: string): Promise<string[]> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(Math.min(size, maxBytes)),
      0,
      undefined,
      start,
    );
    const lines = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
    if (start > 0) lines.shift();
    return lines
      .filter((line) => line.trim() !== '')
      .slice(-maxLines)
      .map((line) => withoutHome(line));
  } catch {
    return [];
  } finally {
    await handle?.close();
  }
}

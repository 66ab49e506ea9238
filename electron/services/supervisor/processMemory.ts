import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Memory of a process's own, what was swapped out included; `null` where it cannot be told. Weights that are mapped from
 * their files are not counted on Linux: the system takes them back when it needs to. Elsewhere they are.
 */
export async function ownMemoryBytes(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
      const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
      return 1024 * (kibibytes('RssAnon') + (kibibytes('VmSwap') || 0)) || null;
    }
    if (process.platform === 'win32') return null;
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout.trim()) * 1024 || null;
  } catch {
    return null;
  }
}

/** Memory that can be had now, limits of a container included; `null` on macOS, which counts its own caches as used. */
export const machineFreeBytes = (): number | null =>
  process.platform === 'darwin' ? null : process.availableMemory();

/** All the memory that this process can ever have. */
export function machineBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

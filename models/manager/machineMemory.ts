import { totalmem } from 'node:os';

const mebibyte = 1024 ** 2;

/**
 * Memory that can be had now, limits of a container included. macOS counts caches that it would give up at once as used;
 * half of the machine's memory is taken for free there where it says less.
 */
export const freeMemoryBytes = (): number =>
  process.platform === 'darwin'
    ? Math.max(process.availableMemory(), totalmem() / 2)
    : process.availableMemory();

/**
 * Chromium's allocator ends an Electron process on one allocation of 514 MiB (511 were well) while onnxruntime's arena is on;
 * a plain Node process has no such limit.
 */
export const largestAllocationBytes = (): number =>
  process.versions['electron'] === undefined ? Number.MAX_SAFE_INTEGER : 512 * mebibyte;

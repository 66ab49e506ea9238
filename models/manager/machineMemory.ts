import { totalmem } from 'node:os';
import { reserveBytes } from '#shared/models/machineReserve.ts';

const mebibyte = 1024 ** 2;

/** A list of models asks once for each of them, and each time the system's files are read. */
const goodForMs = 10;
let asked = { atMs: Number.NEGATIVE_INFINITY, bytes: 0 };

function availableBytes(): number {
  const atMs = performance.now();
  if (atMs - asked.atMs > goodForMs) asked = { atMs, bytes: process.availableMemory() };
  return asked.bytes;
}

/**
 * Memory that models can have now, limits of a container included, less what the machine keeps. macOS counts caches that it
 * would give up at once as used; half of the machine's memory is taken for free there where it says less.
 */
export function freeMemoryBytes(): number {
  const available =
    process.platform === 'darwin' ? Math.max(availableBytes(), totalmem() / 2) : availableBytes();
  return Math.max(0, available - reserveBytes(totalmem()));
}

/**
 * The largest weight that this process can hold in one piece. Chromium's allocator ends an Electron process on one
 * allocation of 1 GiB, 1,023 MiB were well (docs/decisions/0004); a plain Node process has no such limit.
 */
export const largestAllocationBytes = (): number =>
  process.versions['electron'] === undefined ? Number.MAX_SAFE_INTEGER : 1024 * mebibyte;

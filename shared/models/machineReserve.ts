const mebibyte = 1024 ** 2;

/**
 * Memory that models leave to the rest of the machine: below that, programs are ended by the system without asking. The
 * verdict on a model counts it as taken, and the engine is ended before it is touched for long.
 */
export const reserveBytes = (machineBytes: number): number =>
  Math.min(1024 * mebibyte, Math.max(256 * mebibyte, machineBytes * 0.03));

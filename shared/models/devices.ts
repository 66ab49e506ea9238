import { z } from 'zod';

/** What a graph can run on, in the order in which they are tried. */
export const Device = z.enum(['cuda', 'dml', 'coreml', 'webgpu', 'cpu']);
export type Device = z.infer<typeof Device>;

/** What a device of this machine said when a small graph was run on it, in a process of its own. */
export const DeviceVerdict = z.object({
  device: Device,
  /** Whether it computes what it should. */
  ok: z.boolean(),
  /** Whether the processor itself plays the graphics card: it works, and is slower than the processor alone. */
  software: z.boolean().default(false),
  /** Why it is not used; empty where it is. */
  reason: z.string(),
  ms: z.number().nonnegative(),
});
export type DeviceVerdict = z.infer<typeof DeviceVerdict>;

/** Where a graph was opened. */
export interface Placement {
  readonly device: Device;
  /** What the faster devices said that were tried for it; empty where the first one took it. */
  readonly reason: string;
}

/** Whether a device makes anything faster. */
const isWorthUsing = ({ ok, software }: DeviceVerdict): boolean => ok && !software;

/** Devices that the runtime's published builds know on a platform. */
export function candidateDevices(platform: string, arch: string): readonly Device[] {
  switch (`${platform}-${arch}`) {
    case 'linux-x64':
      return ['cuda', 'webgpu', 'cpu'];
    case 'win32-x64':
    case 'win32-arm64':
      return ['dml', 'webgpu', 'cpu'];
    case 'darwin-arm64':
      return ['coreml', 'webgpu', 'cpu'];
    default:
      return ['cpu'];
  }
}

/** The devices to try for a session, best first; the processor is always the last. */
export const usableDevices = (verdicts: readonly DeviceVerdict[]): Device[] => [
  ...Device.options.filter(
    (device) =>
      device !== 'cpu' && verdicts.some((verdict) => verdict.device === device && isWorthUsing(verdict)),
  ),
  'cpu',
];

/**
 * Why the processor is used: what every faster device of this platform said; empty where one is worth using. Where there
 * are such devices and none was tried yet, it says so.
 */
export function whyCpu(verdicts: readonly DeviceVerdict[], candidates: readonly Device[]): string {
  const faster = verdicts.filter(({ device }) => device !== 'cpu' && candidates.includes(device));
  if (faster.some(isWorthUsing)) return '';
  if (verdicts.length === 0) return candidates.length > 1 ? 'no other device has been tried yet' : '';
  return faster.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
}

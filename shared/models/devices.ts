import { z } from 'zod';

/** What a graph can run on, in the order in which they are tried. */
export const Device = z.enum(['cuda', 'dml', 'coreml', 'webgpu', 'cpu']);
export type Device = z.infer<typeof Device>;

/** What a device of this machine said when a small graph was run on it, in a process of its own. */
export const DeviceVerdict = z.object({
  device: Device,
  ok: z.boolean(),
  /** Why not; empty where it works. */
  reason: z.string(),
  ms: z.number().nonnegative(),
});
export type DeviceVerdict = z.infer<typeof DeviceVerdict>;

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
    (device) => device !== 'cpu' && verdicts.some((verdict) => verdict.device === device && verdict.ok),
  ),
  'cpu',
];

/** Why the processor is used: what every faster device of this platform said; empty where one works or none was tried. */
export function whyCpu(verdicts: readonly DeviceVerdict[], candidates: readonly Device[]): string {
  const faster = verdicts.filter(({ device }) => device !== 'cpu' && candidates.includes(device));
  if (faster.some(({ ok }) => ok)) return '';
  return faster.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
}

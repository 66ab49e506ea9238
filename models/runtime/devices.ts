import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DeviceVerdict } from '#shared/models/devices.ts';
import { deviceKey } from './probeDevice.ts';

const Remembered = z.object({ key: z.string(), verdicts: z.array(DeviceVerdict) });

/** Verdicts of an earlier probe, if they hold for this runtime on this machine; none otherwise. */
export async function rememberedDevices(file: string): Promise<readonly DeviceVerdict[]> {
  try {
    const { key, verdicts } = Remembered.parse(JSON.parse(await readFile(file, 'utf8')));
    return key === deviceKey() ? verdicts : [];
  } catch {
    return [];
  }
}

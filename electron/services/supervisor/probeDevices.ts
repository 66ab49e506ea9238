import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { candidateDevices, Device, DeviceVerdict } from '#shared/models/devices.ts';
import type { SpawnedProcess } from './spawn.ts';

/** A driver that has not answered by then hangs; the first compilation of shaders takes seconds. */
const timeoutMs = 20_000;

const Answer = z.object({ key: z.string(), verdict: DeviceVerdict });

export interface ProbeOptions {
  /** Starts the process that tries one device. */
  readonly spawn: (device: Device) => SpawnedProcess;
  readonly timeoutMs?: number;
  readonly devices?: readonly Device[];
}

export interface Probed {
  /** What the verdicts hold for, as the probe itself says; `null` where none of them answered. */
  readonly key: string | null;
  readonly verdicts: readonly DeviceVerdict[];
}

/**
 * Tries every device once, each in a process of its own: one that crashes or hangs is a device that does not work, with
 * that as the reason. Never rejects.
 */
export async function probeDevices(options: ProbeOptions): Promise<Probed> {
  const candidates = options.devices ?? candidateDevices(process.platform, process.arch);
  let key: string | null = null;
  const verdicts: DeviceVerdict[] = [];
  for (const device of Device.options) {
    if (!candidates.includes(device)) {
      verdicts.push({ device, ok: false, software: false, reason: 'not on this platform', ms: 0 });
      continue;
    }
    const answer = await probe(device, options);
    key ??= answer.key;
    verdicts.push(answer.verdict);
  }
  return { key, verdicts };
}

async function probe(
  device: Device,
  { spawn, timeoutMs: limit = timeoutMs }: ProbeOptions,
): Promise<{ key: string | null; verdict: DeviceVerdict }> {
  const started = performance.now();
  const failed = (reason: string) => ({
    key: null,
    verdict: { device, ok: false, software: false, reason, ms: Math.round(performance.now() - started) },
  });
  let child: SpawnedProcess;
  try {
    child = spawn(device);
  } catch (thrown) {
    return failed(thrown instanceof Error ? thrown.message : String(thrown));
  }
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<z.infer<typeof Answer>>((resolve) => {
        child.port.onMessage((data) => {
          const answer = Answer.safeParse(parsed(data));
          if (answer.success && answer.data.verdict.device === device) resolve(answer.data);
        });
      }),
      child.exited.then((reason) => failed(`the probe crashed: ${reason}`)),
      new Promise<ReturnType<typeof failed>>((resolve) => {
        timer = setTimeout(() => resolve(failed(`no answer within ${String(limit / 1000)} s`)), limit);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    child.kill();
  }
}

function parsed(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}

/** Remembers verdicts for the next start. A disk that cannot be written to costs a probe, nothing else. */
export async function rememberDevices(file: string, probed: Probed): Promise<void> {
  if (probed.key === null) return;
  await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
  await writeFile(`${file}.new`, `${JSON.stringify(probed, null, 2)}\n`)
    .then(() => rename(`${file}.new`, file))
    .catch(() => undefined);
}

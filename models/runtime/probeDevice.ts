import { readdir, readFile } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device, DeviceVerdict } from '#shared/models/devices.ts';

/** y = x · w with x [1, 4] and w [4, 2]: small enough to run anywhere, and its answer is known. */
const graph =
  'CAkSCXN0b3J5bG9vbTp9Ch0KAXgKAXcSAXkaCE1hdE11bC4wIgZNYXRNdWw6ABIFbW9kZWwqKwgECAIQAUIBd0ogAACAPwAAAAAAAAAAAACA' +
  'PwAAgD8AAIA/AAAAQAAAAEBaEwoBeBIOCgwIARIICgIIAQoCCARiEwoBeRIOCgwIARIICgIIAQoCCAJCBAoAEBJCEQoNY29tLm1pY3Jvc29m' +
  'dBAB';
const question = [1, 2, 3, 4];
const answer = [12, 13];

/** Raised when verdicts say something new, so that old ones are not believed. */
const probeVersion = 2;

/** What a verdict holds for: this runtime, on this machine, in this kind of process. */
export const deviceKey = (): string =>
  [
    `onnxruntime ${env.versions.common}`,
    `probe ${String(probeVersion)}`,
    `${process.platform}-${process.arch}`,
    process.versions['electron'] === undefined ? 'node' : `electron ${process.versions['electron']}`,
    cpus()[0]?.model.trim() ?? 'unknown processor',
    hostname(),
  ].join(' | ');

/** Runs a small graph on one device. A driver may crash or hang: call it in a process that may. */
export async function probeDevice(device: Device): Promise<DeviceVerdict> {
  const started = performance.now();
  const verdict = (reason: string, drawnBy: string | null = null): DeviceVerdict => ({
    device,
    ok: reason === '',
    software: drawnBy !== null,
    reason: drawnBy === null ? reason : `software: ${drawnBy} draws on the processor, which is faster alone`,
    ms: Math.round(performance.now() - started),
  });
  try {
    const session = await InferenceSession.create(Buffer.from(graph, 'base64'), {
      executionProviders: [device],
      logSeverityLevel: 4,
      // Otherwise what the device cannot do would quietly run on the processor, and prove nothing.
      ...(device === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
    });
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(question), [1, 4]) });
    // The threads of a driver go with its session.
    const drawnBy = device === 'cpu' ? null : await softwareDriver();
    await session.release();
    const given = Array.from((y?.data ?? []) as Float32Array);
    const right = answer.every((value, index) => Math.abs(value - (given[index] ?? Number.NaN)) < 1e-3);
    return right ? verdict('', drawnBy) : verdict(`wrong result: ${given.join(', ')}`);
  } catch (error) {
    return verdict(reasonOf(error));
  }
}

/**
 * The Vulkan driver in software that is at work in this process; `null` where there is none, or nobody can tell. Drivers are
 * told by the threads that they draw with: which libraries are loaded says nothing, a loader tries them all.
 */
async function softwareDriver(): Promise<string | null> {
  const tasks = '/proc/self/task';
  try {
    const ids = await readdir(tasks);
    const names = await Promise.all(ids.map((id) => readFile(`${tasks}/${id}/comm`, 'utf8').catch(() => '')));
    return softwareDriverOf(names.map((name) => name.trim()));
  } catch {
    return null;
  }
}

/** The driver that threads of these names belong to: Mesa's llvmpipe, or SwiftShader. */
export function softwareDriverOf(threads: readonly string[]): string | null {
  if (threads.some((name) => /^llvmpipe-\d+$/.test(name))) return 'llvmpipe';
  return threads.some((name) => /^Thread<\d+>$/.test(name)) ? 'SwiftShader' : null;
}

/** The runtime's words without its source files and line numbers. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n').filter((part) => part.trim() !== '');
  const said = line.replace(/^\S*onnxruntime_src\S*:\d+ .*? was false\. /, '').trim();
  return said.slice(0, 300) || 'unknown error';
}

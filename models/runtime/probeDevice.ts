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

/** What a verdict holds for: this runtime, on this machine, in this kind of process. */
export const deviceKey = (): string =>
  [
    `onnxruntime ${env.versions.common}`,
    `${process.platform}-${process.arch}`,
    process.versions['electron'] === undefined ? 'node' : `electron ${process.versions['electron']}`,
    cpus()[0]?.model.trim() ?? 'unknown processor',
    hostname(),
  ].join(' | ');

/** Runs a small graph on one device. A driver may crash or hang: call it in a process that may. */
export async function probeDevice(device: Device): Promise<DeviceVerdict> {
  const started = performance.now();
  const verdict = (reason: string): DeviceVerdict => ({
    device,
    ok: reason === '',
    reason,
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
    await session.release();
    const given = Array.from((y?.data ?? []) as Float32Array);
    const right = answer.every((value, index) => Math.abs(value - (given[index] ?? Number.NaN)) < 1e-3);
    return verdict(right ? '' : `wrong result: ${given.join(', ')}`);
  } catch (error) {
    return verdict(reasonOf(error));
  }
}

/** The runtime's words without its source files and line numbers. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n').filter((part) => part.trim() !== '');
  const said = line.replace(/^\S*onnxruntime_src\S*:\d+ .*? was false\. /, '').trim();
  return said.slice(0, 300) || 'unknown error';
}

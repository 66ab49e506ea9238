import fc from 'fast-check';
import { expect, test } from 'vitest';
import { softwareDriverOf } from '#models/runtime/probeDevice.ts';
import { candidateDevices, Device, usableDevices, whyCpu } from '#shared/models/devices.ts';

const verdicts = fc
  .uniqueArray(fc.constantFrom(...Device.options), { minLength: 0 })
  .chain((devices) =>
    fc.tuple(
      ...devices.map((device) =>
        fc
          .tuple(fc.boolean(), fc.boolean())
          .map(([ok, software]) => ({ device, ok, software, reason: ok ? '' : 'no', ms: 1 })),
      ),
    ),
  );

test('what works is tried in the order cuda, dml, coreml, webgpu, and the processor always last', () => {
  fc.assert(
    fc.property(verdicts, (said) => {
      const usable = usableDevices(said);
      expect(usable.at(-1)).toBe('cpu');
      const places = usable.map((device) => Device.options.indexOf(device));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      for (const device of usable.slice(0, -1))
        expect(said.some((verdict) => verdict.device === device && verdict.ok && !verdict.software)).toBe(
          true,
        );
    }),
  );
});

test('says why the processor is used: what each faster device of the platform said', () => {
  const said = [
    { device: 'cuda', ok: false, software: false, reason: 'library missing', ms: 1 },
    { device: 'dml', ok: false, software: false, reason: 'not on this platform', ms: 0 },
    { device: 'webgpu', ok: false, software: false, reason: 'no adapter', ms: 1 },
    { device: 'cpu', ok: true, software: false, reason: '', ms: 1 },
  ] as const;
  const linux = candidateDevices('linux', 'x64');
  expect(whyCpu(said, linux)).toBe('cuda: library missing; webgpu: no adapter');
  expect(whyCpu([{ ...said[2], ok: true, reason: '' }], linux)).toBe('');
  expect(whyCpu([], linux)).toBe('no other device has been tried yet');
  expect(whyCpu([], ['cpu'])).toBe('');
  expect(candidateDevices('freebsd', 'x64')).toEqual(['cpu']);
});

test('a graphics card that the processor plays is not used, and says so', () => {
  const webgpu = { device: 'webgpu', ok: true, software: true, reason: 'software: llvmpipe', ms: 1 } as const;
  expect(usableDevices([webgpu])).toEqual(['cpu']);
  expect(whyCpu([webgpu], ['webgpu', 'cpu'])).toBe('webgpu: software: llvmpipe');
  expect(usableDevices([{ ...webgpu, software: false }])).toEqual(['webgpu', 'cpu']);
});

test('drivers in software are known by the threads that they draw with', () => {
  expect(softwareDriverOf(['node', 'V8Worker', 'Thread<00>', 'Thread<01>'])).toBe('SwiftShader');
  expect(softwareDriverOf(['node', 'llvmpipe-0', 'llvmpipe-11'])).toBe('llvmpipe');
  expect(softwareDriverOf(['node', 'V8Worker', 'nvidia-drm', 'Thread<x>', 'Threads'])).toBeNull();
});

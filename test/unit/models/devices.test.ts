import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidateDevices, Device, usableDevices, whyCpu } from '#shared/models/devices.ts';

const verdicts = fc
  .uniqueArray(fc.constantFrom(...Device.options), { minLength: 0 })
  .chain((devices) =>
    fc.tuple(
      ...devices.map((device) => fc.boolean().map((ok) => ({ device, ok, reason: ok ? '' : 'no', ms: 1 }))),
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
        expect(said.some((verdict) => verdict.device === device && verdict.ok)).toBe(true);
    }),
  );
});

test('says why the processor is used: what each faster device of the platform said', () => {
  const said = [
    { device: 'cuda', ok: false, reason: 'library missing', ms: 1 },
    { device: 'dml', ok: false, reason: 'not on this platform', ms: 0 },
    { device: 'webgpu', ok: false, reason: 'no adapter', ms: 1 },
    { device: 'cpu', ok: true, reason: '', ms: 1 },
  ] as const;
  const linux = candidateDevices('linux', 'x64');
  expect(whyCpu(said, linux)).toBe('cuda: library missing; webgpu: no adapter');
  expect(whyCpu([{ ...said[2], ok: true, reason: '' }], linux)).toBe('');
  expect(whyCpu([], linux)).toBe('');
  expect(candidateDevices('freebsd', 'x64')).toEqual(['cpu']);
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import { probeDevices, rememberDevices } from '#electron/services/supervisor/probeDevices.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import { Decoder } from '#models/runtime/Decoder.ts';
import { rememberedDevices } from '#models/runtime/devices.ts';
import { TextEncoderSession } from '#models/runtime/TextEncoderSession.ts';
import { candidateDevices, Device, type Placement, usableDevices, whyCpu } from '#shared/models/devices.ts';
import { ModelId } from '#shared/models/manifest.ts';
import { startEngine } from '../support/engine.ts';
import { installedModels } from '../support/models.ts';
import { cosine } from '../support/parity.ts';

const probeHost = join(import.meta.dirname, '../../electron/hosts/deviceProbeHost.ts');
/** A Vulkan driver in software, as Debian's Chromium brings it. */
const chromium = '/usr/lib/chromium';
const softwareVulkan = join(chromium, 'vk_swiftshader_icd.json');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-devices-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const spawnProbe =
  (entry = probeHost, more: Record<string, string> = {}) =>
  (device: Device) =>
    spawnNodeChild(process.execPath, {
      entry,
      args: [device],
      env: { ...childEnvironment(process.env, process.platform), ...more },
      onOutput: () => undefined,
    });

test('tries every device in a child of its own; those that fail say why', { timeout: 60_000 }, async () => {
  const { key, verdicts } = await probeDevices({ spawn: spawnProbe(), devices: Device.options });
  expect(key).toMatch(/^onnxruntime 1\./);
  expect(verdicts.map(({ device }) => device)).toEqual(Device.options);
  for (const { device, ok, reason } of verdicts) {
    expect(ok || reason.length > 10).toBe(true);
    if (device === 'cpu') expect(ok).toBe(true);
  }
  if (process.platform !== 'linux') return;
  const said = Object.fromEntries(verdicts.map(({ device, reason }) => [device, reason]));
  expect(said).toMatchObject({
    dml: expect.stringMatching(/not found/),
    coreml: expect.stringMatching(/not found/),
  });

  await rememberDevices(join(folder, 'devices.json'), { key, verdicts });
  expect(await rememberedDevices(join(folder, 'devices.json'))).toEqual(verdicts);
  await rememberDevices(join(folder, 'devices.json'), { key: 'onnxruntime 0', verdicts });
  expect(await rememberedDevices(join(folder, 'devices.json'))).toEqual([]);
  expect(await rememberedDevices(join(folder, 'nothing.json'))).toEqual([]);
});

test.skipIf(!existsSync(softwareVulkan))(
  'runs the graph on WebGPU where there is a Vulkan driver',
  { timeout: 60_000 },
  async () => {
    const spawn = spawnProbe(probeHost, { VK_ICD_FILENAMES: softwareVulkan, LD_LIBRARY_PATH: chromium });
    const { verdicts } = await probeDevices({ spawn, devices: ['webgpu'] });
    expect(verdicts.find(({ device }) => device === 'webgpu')).toMatchObject({
      ok: true,
      software: true,
      reason: expect.stringMatching(/^software: SwiftShader/),
    });
    expect(usableDevices(verdicts)).toEqual(['cpu']);
    expect(whyCpu(verdicts, candidateDevices('linux', 'x64'))).toContain('webgpu: software: SwiftShader');
  },
);

/** What a child says that computes with the tiny CLIP on these devices. */
async function clipOn(devices: readonly Device[], env: Record<string, string> = {}) {
  const script = join(import.meta.dirname, '../support/clipOnDevice.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...devices], {
    env: { ...childEnvironment(process.env, process.platform), ...env },
  });
  return JSON.parse(stdout) as { placement: Placement; vectors: number[][] };
}

test.skipIf(!existsSync(softwareVulkan))(
  'both encoders of a picture model run on the first device that takes them, with the same answers',
  { timeout: 60_000 },
  async () => {
    const env = { VK_ICD_FILENAMES: softwareVulkan, LD_LIBRARY_PATH: chromium };
    const [card, processor] = [await clipOn(['webgpu', 'cpu'], env), await clipOn(['cpu'])];
    expect(card.placement).toEqual({ device: 'webgpu', reason: '' });
    expect(processor.placement).toEqual({ device: 'cpu', reason: '' });
    for (const [index, vector] of card.vectors.entries())
      expect(
        cosine(Float32Array.from(vector), Float32Array.from(processor.vectors[index] ?? [])),
      ).toBeGreaterThan(0.9999);
  },
);

test.runIf(process.platform === 'linux')(
  'where a device does not take a model after all, it runs on the processor and says why',
  async () => {
    const { placement } = await clipOn(['webgpu', 'cpu']);
    expect(placement).toEqual({ device: 'cpu', reason: expect.stringMatching(/^webgpu: .{10}/) });
    const folder = join(await installedModels(), 'minilm-l6');
    await using encoder = await TextEncoderSession.open(folder, ['cuda', 'webgpu', 'cpu']);
    expect(encoder.placement).toEqual({
      device: 'cpu',
      reason: expect.stringMatching(/^cuda: .+; webgpu: /),
    });
    expect(await encoder.encode('a lantern')).toHaveLength(384);
  },
);

test('a small writer stays on the processor, and says why', async () => {
  await using decoder = await Decoder.open(join(await installedModels(), 'stories15m'), ['webgpu', 'cpu']);
  expect(decoder.placement).toEqual({ device: 'cpu', reason: expect.stringMatching(/this small/) });
});

test('a driver that crashes, hangs or talks nonsense is a device that does not work', async () => {
  const scripts = {
    crash: "process.kill(process.pid, 'SIGSEGV')",
    hang: 'for (;;);',
    nonsense: "process.send('{'); process.send({ verdict: 1 }); setTimeout(() => process.exit(3), 50)",
  };
  const reasons: string[] = [];
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, `${name}.mjs`), script);
    const spawn = spawnProbe(join(folder, `${name}.mjs`));
    const { key, verdicts } = await probeDevices({ spawn, devices: ['webgpu'], timeoutMs: 700 });
    expect(key).toBeNull();
    reasons.push(verdicts.find(({ device }) => device === 'webgpu')?.reason ?? '');
  }
  expect(reasons).toEqual([
    'the probe crashed: SIGSEGV',
    'no answer within 0.7 s',
    'the probe crashed: exit code 3',
  ]);
});

test.runIf(process.platform === 'linux')(
  'the engine has the devices tried once, and says why a model runs on the processor',
  { timeout: 60_000 },
  async () => {
    await using engine = await startEngine({ models: await installedModels(), deviceProbe: probeHost });
    expect(await engine.client.models.devices()).toEqual([]);
    await vi.waitFor(async () => expect(await engine.client.models.devices()).toHaveLength(5), 30_000);
    const minilm = ModelId.parse('minilm-l6');
    await engine.client.models.load({ modelId: minilm });
    const entries = await engine.client.models.list();
    const { status } = entries.find(({ manifest }) => manifest.id === minilm) ?? {};
    expect(status).toMatchObject({
      state: 'loaded',
      device: 'cpu',
      cpuReason: expect.stringMatching(/cuda: .+; webgpu: /),
    });
    const file = join(engine.userDataFolder, 'devices.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ key: expect.any(String) });
  },
);

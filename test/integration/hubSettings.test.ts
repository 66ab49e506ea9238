import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHubTokenStore } from '#electron/services/studio/app/hubToken.ts';
import { readMirror } from '#renderer/features/settings/mirrorAddress.ts';
import { hubTokenFile, Settings } from '#shared/settings.ts';
import { hubModel, hubModelFiles } from '../support/hubModel.ts';
import { startHub } from '../support/misbehavingHub.ts';
import { openTestStudio } from '../support/studio.ts';

const token = 'hf_aVerySecretToken';

/** Every file below a folder that has these words in it. */
async function filesWith(folder: string, words: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return files.filter((_, index) => texts[index]?.includes(words));
}

test('a mirror holds from the next installation on, is never told the token, and only one file has it', {
  timeout: 60_000,
}, async () => {
  await using hub = await startHub(hubModelFiles(100_000));
  await using opened = await openTestStudio();
  const { app, models } = opened.studio.services;
  await models.list();
  await app.setHubToken({ token });
  await app.updateSettings({ modelHub: hub.endpoint });
  for await (const { status } of await models.install({ modelId: hubModel.id, precision: 'q8' })) {
    expect(status.state).not.toBe('failed');
  }
  expect(hub.requests.length).toBeGreaterThan(4);
  expect(hub.requests.map(({ authorization }) => authorization)).toEqual(hub.requests.map(() => null));

  const file = join(opened.folder, 'data', hubTokenFile);
  expect(await filesWith(opened.folder, token)).toEqual([file]);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.stringify([app.settings(), await app.hubToken(), await app.engineLog()])).not.toContain(token);
  expect(await app.hubToken()).toEqual({ isThere: true });
  await app.setHubToken({ token: null });
  expect(await app.hubToken()).toEqual({ isThere: false });
  expect(await filesWith(opened.folder, token)).toEqual([]);
});

test('a token that replaces another leaves nothing of it, nor a file that others may read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storyloom-token-'));
  const tokens = createHubTokenStore(folder);
  await tokens.keep(token);
  await writeFile(join(folder, hubTokenFile), `${token}\n`, { mode: 0o644 });
  await tokens.keep('hf_another_one');
  expect(await readdir(folder)).toEqual([hubTokenFile]);
  expect(await readFile(join(folder, hubTokenFile), 'utf8')).toBe('hf_another_one\n');
  await tokens.keep(null);
  await tokens.keep(null);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

describe('the address of a mirror', () => {
  test.each([
    ['', ''],
    ['  ', ''],
    ['hf-mirror.com', 'https://hf-mirror.com'],
    ['https://Mirror.example/', 'https://mirror.example'],
    ['http://10.0.0.2:8080/hf/', 'http://10.0.0.2:8080/hf'],
    ['localhost:9000', 'https://localhost:9000'],
  ])('%o is %o', (typed, address) => {
    expect(readMirror(typed)).toBe(address);
    expect(Settings.shape.modelHub.safeParse(address).success).toBe(true);
  });

  test.each([
    'mirror',
    'ftp://mirror.example',
    'https://',
    'https://me:secret@mirror.example',
    'https://m.example?x=1',
    'a b.c',
    'file:///etc',
  ])('%o is none, in the field and in the settings', (typed) => {
    expect(readMirror(typed)).toBeNull();
  });
});

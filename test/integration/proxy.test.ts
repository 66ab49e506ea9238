import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import { officialEndpoint } from '#models/manager/download/hubUrls.ts';
import { hubModel, hubModelFiles } from '../support/hubModel.ts';
import { startHub } from '../support/misbehavingHub.ts';
import { startProxy } from '../support/startProxy.ts';

const entry = fileURLToPath(new URL('../support/installProcess.ts', import.meta.url));
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-proxy-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Installs in a process with the environment that the supervisor gives to the engine. */
async function install(endpoint: string, named: Readonly<Record<string, string>>): Promise<string> {
  const { PATH = '' } = process.env;
  const env = childEnvironment({ PATH, ...named }, process.platform);
  const child = fork(entry, [endpoint, root], { env, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await once(child, 'exit');
  return errors;
}

describe('a network that is left through a proxy only', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('%s: every byte of a model comes through it', async (name) => {
    const files = hubModelFiles();
    await using hub = await startHub(files);
    await using proxy = await startProxy();
    expect(await install(hub.endpoint, { [name]: proxy.url })).toBe('');
    expect(await readdir(root)).toEqual([hubModel.id]);
    const all = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(proxy.bytes).toBeGreaterThan(all);
    expect(proxy.asked).toContain(new URL(hub.endpoint).host);
  });

  test('NO_PROXY: what it names is reached without', async () => {
    await using hub = await startHub(hubModelFiles(1000));
    await using proxy = await startProxy();
    const named = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: 'example.org,127.0.0.1' };
    expect(await install(hub.endpoint, named)).toBe('');
    expect(await readdir(root)).toEqual([hubModel.id]);
    expect(proxy.asked).toEqual([]);
  });

  test('HTTPS_PROXY: the official hub is asked through it; one that wants a password is told from a broken line', async () => {
    await using proxy = await startProxy(407);
    const errors = await install(officialEndpoint, { HTTPS_PROXY: proxy.url });
    expect(errors).toContain('download/proxy-denied');
    expect(proxy.asked).toEqual(['huggingface.co:443']);
  });
});

test('without a proxy nothing is switched on', () => {
  expect(childEnvironment({ NO_PROXY: 'x', HTTPS_PROXY: '' }, 'linux')).not.toHaveProperty(
    'NODE_USE_ENV_PROXY',
  );
});

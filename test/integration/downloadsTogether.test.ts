import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DownloadLock } from '#models/manager/download/DownloadLock.ts';
import { ModelStore } from '#models/manager/ModelStore.ts';
import { hubModel, hubModelFiles } from '../support/hubModel.ts';
import { startHub } from '../support/misbehavingHub.ts';

const entry = fileURLToPath(new URL('../support/installProcess.ts', import.meta.url));
const never = new AbortController().signal;
const ignore = () => undefined;
const inProgress = { code: 'download/in-progress', retryable: true };

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-together-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('while another process fetches a model, nobody writes into its parts; when that is killed, the next goes on with them', async () => {
  const files = hubModelFiles();
  const first = 'onnx/text_model_quantized.onnx';
  await using hub = await startHub(files, (path, attempt) =>
    path === first && attempt === 0 ? 'stall' : 'none',
  );
  const store = new ModelStore(root, null, { endpoint: hub.endpoint, pace: 0.01 });
  const child = fork(entry, [hub.endpoint, root], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  expect(await once(child, 'message')).toContain('receiving');
  await expect(store.install(hubModel, 'q8', ignore, never)).rejects.toMatchObject({
    ...inProgress,
    details: { pid: child.pid },
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await store.install(hubModel, 'q8', ignore, never);
  for (const [path, bytes] of Object.entries(files)) {
    expect((await readFile(join(root, hubModel.id, path))).equals(bytes)).toBe(true);
  }
  expect(hub.requests.some(({ path, range }) => path === first && range !== null)).toBe(true);
  expect(await readdir(root)).toEqual([hubModel.id]);
});

test('what another process has brought meanwhile is not fetched again', async () => {
  await using hub = await startHub(hubModelFiles());
  const child = fork(entry, [hub.endpoint, root], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'exit');
  const before = hub.sentBytes;
  await new ModelStore(root, null, { endpoint: hub.endpoint }).install(hubModel, 'q8', ignore, never);
  expect(hub.sentBytes).toBe(before);
});

test('one of many has the lock; it is free again after it', async () => {
  const path = join(root, 'lock');
  const takes = await Promise.allSettled(Array.from({ length: 20 }, () => DownloadLock.take(path)));
  const taken = takes.filter((one) => one.status === 'fulfilled');
  expect(taken).toHaveLength(1);
  for (const one of takes) if (one.status === 'rejected') expect(one.reason).toMatchObject(inProgress);
  await taken[0]?.value[Symbol.asyncDispose]();
  await using again = await DownloadLock.take(path);
  await again.checkHeld();
  expect(await readdir(root)).toEqual(['lock']);
});

const owner = { id: 'x', pid: 999_999_999, host: 'elsewhere', processStart: '' };
test.each([
  ['a dead process of this computer', { ...owner, host: '' }, 0, true],
  [
    'a later process with the number of a dead one',
    { ...owner, host: '', pid: process.pid, processStart: '1' },
    0,
    process.platform === 'linux',
  ],
  ['another computer that is at it', owner, 0, false],
  ['another computer that fell silent', owner, 60, true],
  ['nobody: the file is empty', null, 0, false],
  ['nobody, for a while', null, 60, true],
])('a lock of %s', async (_name, content, silentSeconds, isFree) => {
  const path = join(root, 'lock');
  const written = content && { ...content, host: content.host || hostname() };
  await writeFile(path, written ? JSON.stringify(written) : '');
  const at = new Date(Date.now() - silentSeconds * 1000);
  await utimes(path, at, at);
  const taking = DownloadLock.take(path);
  if (isFree) await (await taking)[Symbol.asyncDispose]();
  else await expect(taking).rejects.toMatchObject(inProgress);
});

test('who lost the lock while the computer slept notices before anything is put in place', async () => {
  const path = join(root, 'lock');
  await using lock = await DownloadLock.take(path);
  await lock.checkHeld();
  await writeFile(path, JSON.stringify(owner));
  await expect(lock.checkHeld()).rejects.toMatchObject(inProgress);
});

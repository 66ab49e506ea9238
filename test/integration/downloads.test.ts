import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downloadFiles } from '#models/manager/download/downloadFiles.ts';
import { officialEndpoint, tokenFor } from '#models/manager/download/hubUrls.ts';
import { openUrl } from '#models/manager/download/openUrl.ts';
import { resolveFiles } from '#models/manager/download/resolveFiles.ts';
import { type Fault, faults, type Hub, refusals, startHub } from '../support/misbehavingHub.ts';

const weights = randomBytes(3 * 1024 * 1024);
const files = {
  'onnx/model.onnx': weights,
  'config.json': Buffer.from('{"model_type":"clip"}'),
  'a b/ü.txt': Buffer.from('names'),
};
const quick = { idleMs: 500, attempts: 3, pace: 0.01 };
const never = new AbortController().signal;
const place = (hub: Hub) => ({ endpoint: hub.endpoint, repository: 'some/model', revision: 'main' });

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storyloom-downloads-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function fetchAll(hub: Hub, options: Partial<Parameters<typeof downloadFiles>[0]> = {}) {
  const to = options.to ?? join(root, String(count++));
  const { files: list, commit } = await resolveFiles(place(hub), { token: null, signal: never, ...quick });
  await downloadFiles({
    ...place(hub),
    revision: commit,
    files: list,
    to,
    token: null,
    signal: never,
    onProgress: () => undefined,
    ...quick,
    ...options,
  });
  return to;
}

async function expectComplete(folder: string): Promise<void> {
  for (const [path, bytes] of Object.entries(files))
    expect((await readFile(join(folder, path))).equals(bytes)).toBe(true);
  const left = (await readdir(folder, { recursive: true })).filter((name) => name.includes('.part'));
  expect(left).toEqual([]);
}

test('the hub tells the commit, and sizes and hashes of every file, page by page', async () => {
  await using hub = await startHub(files);
  const { commit, files: list } = await resolveFiles(place(hub), { token: null, signal: never, ...quick });
  expect(commit).toBe('c'.repeat(40));
  expect(list.map(({ path, bytes, sha256 }) => [path, bytes, sha256 === null])).toEqual([
    ['onnx/model.onnx', weights.length, false],
    ['config.json', 21, true],
    ['a b/ü.txt', 5, true],
  ]);
});

test('everything arrives, progress ends at all bytes', async () => {
  await using hub = await startHub(files);
  const seen: number[] = [];
  const folder = await fetchAll(hub, { onProgress: ({ receivedBytes }) => seen.push(receivedBytes) });
  await expectComplete(folder);
  expect(seen.at(-1)).toBe(weights.length + 26);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

describe('one fault, then all is well', () => {
  const oneFault = (fault: Fault) =>
    startHub(files, (path, attempt) => (path === 'onnx/model.onnx' && attempt === 0 ? fault : 'none'));
  test.each(faults.filter((fault) => fault !== 'in-circles'))('%s', async (fault) => {
    await using hub = await oneFault(fault);
    await expectComplete(await fetchAll(hub));
  });

  test.each(['reset', 'cut-short', 'stall', 'drip'] as const)(
    'after %s only the rest is asked for',
    async (fault) => {
      await using hub = await oneFault(fault);
      await expectComplete(await fetchAll(hub));
      expect(hub.sentBytes).toBeLessThan(weights.length + 1024 * 1024 + 26);
      expect(hub.requests.some(({ range }) => range !== null)).toBe(true);
    },
  );
});

describe('a fault for ever ends in a typed error, and no wrong file', () => {
  const codes: Partial<Record<Fault, string>> = { 'wrong-bytes': 'download/wrong-hash' };
  test.each(
    faults.filter(
      (fault) => !['none', 'other-version', 'range-ignored', 'to-other-host', 'drip', 'slow'].includes(fault),
    ),
  )('%s', async (fault) => {
    await using hub = await startHub(files, (path) => (path === 'onnx/model.onnx' ? fault : 'none'));
    const to = join(root, String(count++));
    const failing = fetchAll(hub, { to });
    // A line that ends too early each time still brings half of the rest with every attempt, and so all in the end.
    if (fault === 'reset' || fault === 'cut-short' || fault === 'stall') await failing.catch(() => undefined);
    else await expect(failing).rejects.toMatchObject({ code: codes[fault] ?? 'download/failed' });
    const there = await readFile(join(to, 'onnx/model.onnx')).catch(() => null);
    expect(there === null || there.equals(weights)).toBe(true);
  });
});

test.each(Object.entries(refusals))('%s ends it at once with %s', async (fault, code) => {
  await using hub = await startHub(files, (path) =>
    path === 'onnx/model.onnx' ? (fault as keyof typeof refusals) : 'none',
  );
  await expect(fetchAll(hub)).rejects.toMatchObject({ code });
  expect(hub.requests.map(({ path, host }) => [path, host])).toEqual([['onnx/model.onnx', 'hub']]);
});

test('a line slower than a kilobyte a second is given up and asked anew', async () => {
  // 800 bytes a second: more than a kilobyte in this time, and yet too slow.
  await using hub = await startHub(files, (path, attempt) =>
    path === 'onnx/model.onnx' && attempt === 0 ? 'drip' : 'none',
  );
  await expectComplete(await fetchAll(hub, { idleMs: 3000 }));
  expect(hub.requests.filter(({ path, host }) => path === 'onnx/model.onnx' && host === 'hub')).toHaveLength(
    2,
  );
});

test('a busy hub is given the time it asks for, and told on when that is too long', async () => {
  const busyOnce = (path: string, attempt: number): Fault =>
    path === 'config.json' && attempt === 0 ? 'busy' : 'none';
  await using hub = await startHub(files, busyOnce, { retryAfter: '1' });
  await fetchAll(hub, { pace: 1 });
  const [first, second] = hub.requests.filter(({ path }) => path === 'config.json');
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  await using patient = await startHub(files, busyOnce, { retryAfter: '3600' });
  await expect(fetchAll(patient)).rejects.toMatchObject({ code: 'download/failed' });
});

test.each([
  ['endless', 'download/failed'],
  ['elsewhere', 'download/unexpected-host'],
] as const)('a list of files that is %s is no list', async (listing, code) => {
  await using hub = await startHub(files, () => 'none', { listing });
  const asked = resolveFiles(place(hub), { token: null, signal: never, ...quick });
  await expect(asked).rejects.toMatchObject({ code });
  expect(hub.requests).toEqual([]);
});

test('files that are there are read again with progress, and a cancel ends that at once', async () => {
  const bytes = Buffer.alloc(48 * 1024 * 1024, 7);
  await using hub = await startHub({ 'big.bin': bytes });
  const to = await fetchAll(hub);
  const before = hub.sentBytes;
  const seen: { phase: string; receivedBytes: number }[] = [];
  await fetchAll(hub, { to, onProgress: (progress) => seen.push(progress) });
  expect(hub.sentBytes).toBe(before);
  expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['verify']));
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.at(-1)?.receivedBytes).toBe(bytes.length);

  const abort = new AbortController();
  let told = 0;
  const onProgress = () => {
    told += 1;
    abort.abort();
  };
  await expect(fetchAll(hub, { to, signal: abort.signal, onProgress })).rejects.toMatchObject({
    code: 'task/cancelled',
  });
  expect(told).toBeLessThan(10);
});

test('a stopped download goes on where it ended, in another process as in this one', async () => {
  await using hub = await startHub(files, (path, attempt) =>
    path === 'onnx/model.onnx' && attempt === 0 ? 'stall' : 'none',
  );
  const to = join(root, String(count++));
  const abort = new AbortController();
  const stopped = fetchAll(hub, {
    to,
    signal: abort.signal,
    idleMs: 60_000,
    onProgress: ({ receivedBytes }) => receivedBytes > 1_400_000 && abort.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'task/cancelled' });
  const part = await stat(join(to, 'onnx/model.onnx.part'));
  const before = hub.sentBytes;
  await expectComplete(await fetchAll(hub, { to }));
  expect(hub.sentBytes - before).toBeLessThanOrEqual(weights.length - part.size + 26);
});

test('only a damaged file is fetched again', async () => {
  await using hub = await startHub(files);
  const to = await fetchAll(hub);
  await writeFile(join(to, 'config.json'), '{"model_type":"clap"}');
  const before = hub.sentBytes;
  await expectComplete(await fetchAll(hub, { to }));
  expect(hub.sentBytes - before).toBe(21);
});

test('a token goes to the official host alone: not to a mirror, not where the hub redirects to', async () => {
  expect(tokenFor(officialEndpoint, 'secret')).toBe('secret');
  await using hub = await startHub(files);
  await fetchAll(hub, { token: 'secret' });
  expect(hub.requests.every(({ authorization }) => authorization === null)).toBe(true);
  // Where the token may go, it goes to that origin, and is left out after a redirect to another one.
  const response = await openUrl(`${hub.endpoint}/some/model/resolve/main/onnx/model.onnx`, {
    headers: {},
    endpoint: hub.endpoint,
    token: 'secret',
    signal: never,
    idleMs: 1000,
  });
  await response.body?.cancel();
  const last = hub.requests.slice(-2).map(({ host, authorization }) => [host, authorization]);
  expect(last).toEqual([
    ['hub', 'Bearer secret'],
    ['storage', null],
  ]);
});

test.each(['../evil', '/etc/x', 'a\\b', 'C:/x', 'con', 'a/./b', 'x ', 'tab\tx', 'lpt1.onnx', 'end.'])(
  'a file named %o is refused before anything is fetched',
  async (path) => {
    await using hub = await startHub({ [path]: Buffer.from('x') });
    await expect(fetchAll(hub)).rejects.toMatchObject({ code: 'input/invalid' });
  },
);

test.each([
  ['weights.bin', 'WEIGHTS.bin'],
  ['weights.bin', 'weights.bin.part'],
  ['weights', 'weights/model.onnx'],
])('%o and %o would be one file: refused before anything is fetched', async (one, other) => {
  await using hub = await startHub({ [one]: Buffer.from('x'), [other]: Buffer.from('y') });
  await expect(fetchAll(hub)).rejects.toMatchObject({ code: 'input/invalid' });
  expect(hub.sentBytes).toBe(0);
});

test('files that are refused or gone are told apart', async () => {
  await using hub = await startHub(files);
  const list = (path: string) => [{ path, bytes: 5, sha256: 'a'.repeat(64), gitSha1: null }];
  await expect(fetchAll(hub, { files: list('private.bin') })).rejects.toMatchObject({
    code: 'download/denied',
  });
  await expect(fetchAll(hub, { files: list('gone.bin') })).rejects.toMatchObject({
    code: 'download/not-found',
  });
});

test('a disk without room is told before anything is fetched', async () => {
  await using hub = await startHub(files);
  const huge = [{ path: 'onnx/model.onnx', bytes: 2 ** 50, sha256: 'a'.repeat(64), gitSha1: null }];
  await expect(fetchAll(hub, { files: huge })).rejects.toMatchObject({ code: 'disk/full' });
  expect(hub.sentBytes).toBe(0);
});

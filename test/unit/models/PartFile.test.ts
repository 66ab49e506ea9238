import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PartFile } from '#models/manager/download/PartFile.ts';

const bytes = Buffer.from('once upon a time');
const expected = {
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  gitSha1: null,
};
let folder = '';
let part: PartFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-part-'));
  part = new PartFile(join(folder, 'model.onnx'), expected);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(from: number, to: number, etag: string | null): Promise<void> {
  const handle = await part.open(from, etag);
  await handle.write(bytes, from, to - from, from);
  await handle.close();
}
const inode = async () => (await stat(join(folder, 'model.onnx.part.json'))).ino;

test('going on with a part never has its state half written: the same is left, another takes its place', async () => {
  await put(0, 4, '"a"');
  const first = await inode();
  const { mtimeMs } = await stat(join(folder, 'model.onnx.part.json'));
  await put(4, 8, '"a"');
  expect(await inode()).toBe(first);
  expect((await stat(join(folder, 'model.onnx.part.json'))).mtimeMs).toBe(mtimeMs);
  await put(8, 10, '"b"');
  expect(await inode()).not.toBe(first);
  expect(await part.begun()).toEqual({ have: 10, etag: '"b"' });
});

test('a fresh start leaves nothing of the old part that the new state could be taken for', async () => {
  await put(0, 8, '"a"');
  const handle = await part.open(0, '"b"');
  await handle.close();
  expect(await part.begun()).toEqual({ have: 0, etag: '"b"' });
});

test('a whole part becomes the file; a wrong one and its state are thrown away', async () => {
  await put(0, bytes.length, null);
  expect(await part.finish()).toBe(true);
  expect(await readdir(folder)).toEqual(['model.onnx']);
  expect(await readFile(join(folder, 'model.onnx'))).toEqual(bytes);
  await put(0, 4, null);
  expect(await part.finish()).toBe(false);
  expect(await readdir(folder)).toEqual(['model.onnx']);
});

test.each(['', '{', 'null', '{"etag":1}', '{"etag":null,"digest":"of another file"}'])(
  'a part that says %o of itself is not gone on with',
  async (state) => {
    await put(0, 4, null);
    await writeFile(join(folder, 'model.onnx.part.json'), state);
    expect(await part.begun()).toEqual({ have: 0, etag: null });
    expect(await readdir(folder)).toEqual([]);
  },
);

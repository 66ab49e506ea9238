import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSettingsFile, readSettings } from '#electron/services/studio/app/settingsFile.ts';
import { defaultSettings, Settings } from '#shared/settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-settings-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

const stored = async () =>
  JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as Record<string, unknown>;
const store = (content: string) => writeFile(join(folder, 'settings.json'), content);

test('begins with the defaults and writes nothing before something changes', async () => {
  const settings = await openSettingsFile(folder);
  expect(settings.current).toEqual(defaultSettings);
  expect(await readdir(folder)).toEqual([]);
});

test('keeps changes for the next start, and leaves no other file behind', async () => {
  const settings = await openSettingsFile(folder);
  await Promise.all([
    settings.update({ theme: 'dark' }),
    settings.update({ uiLanguage: 'zh', theme: undefined }),
  ]);
  expect(settings.current).toEqual({ ...defaultSettings, theme: 'dark', uiLanguage: 'zh' });
  expect((await openSettingsFile(folder)).current).toEqual(settings.current);
  expect(await readdir(folder)).toEqual(['settings.json']);
});

test('keeps keys of a newer version, at the top and among the editor’s', async () => {
  await store(
    JSON.stringify({ theme: 'dark', future: { a: 1 }, editor: { fontSizePx: 20, ligatures: true } }),
  );
  const settings = await openSettingsFile(folder);
  await settings.update({ uiLanguage: 'en' });
  expect(await stored()).toMatchObject({
    theme: 'dark',
    uiLanguage: 'en',
    future: { a: 1 },
    editor: { fontSizePx: 20, ligatures: true, fontFamily: 'serif' },
  });
});

test('one bad value costs itself, not the others', async () => {
  await store(JSON.stringify({ theme: 'neon', uiLanguage: 'zh', editor: { fontSizePx: 4, lineHeight: 2 } }));
  const { current } = await openSettingsFile(folder);
  expect(current).toEqual({
    ...defaultSettings,
    uiLanguage: 'zh',
    editor: { ...defaultSettings.editor, lineHeight: 2 },
  });
});

test.each(['', '{', '[]', '"text"', 'null', '{"theme":', '\u0000\u0000', `{"a":"${'x'.repeat(1_100_000)}"}`])(
  'a damaged file is set aside and the defaults hold',
  async (content) => {
    await store(content);
    const settings = await openSettingsFile(folder);
    expect(settings.current).toEqual(defaultSettings);
    expect(await readFile(join(folder, 'settings.damaged.json'), 'utf8')).toBe(content);
    await settings.update({ theme: 'light' });
    expect(await stored()).toMatchObject({ theme: 'light' });
  },
);

test('a file that cannot be read is not written over', async () => {
  await mkdir(join(folder, 'settings.json'));
  const settings = await openSettingsFile(folder);
  expect(settings.current).toEqual(defaultSettings);
  await expect(settings.update({ theme: 'dark' })).rejects.toMatchObject({ code: 'disk/failed' });
});

test('refuses a value that is none, and stays as it was', async () => {
  const settings = await openSettingsFile(folder);
  await expect(settings.update({ modelMemoryBytes: -1 })).rejects.toMatchObject({ code: 'input/invalid' });
  expect(settings.current).toEqual(defaultSettings);
});

test('whatever the file holds, the settings are valid and no prototype is touched', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      Settings.parse(readSettings(value));
    }),
    { numRuns: 5_000 },
  );
  expect(
    readSettings(JSON.parse('{"__proto__":{"theme":"dark"},"editor":{"__proto__":{"fontSizePx":30}}}')),
  ).toEqual(defaultSettings);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

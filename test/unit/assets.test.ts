import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parseImagePath } from '#electron/services/server/answer.ts';
import { findAsset, listAssets } from '#electron/services/server/assets.ts';

const outside = mkdtempSync(join(tmpdir(), 'storyloom-assets-'));
const page = join(outside, 'page');
mkdirSync(join(page, 'assets'), { recursive: true });
writeFileSync(join(outside, 'secret.html'), 'secret');
writeFileSync(join(page, 'index.html'), 'page');
writeFileSync(join(page, 'assets', 'a-1.js'), '');
writeFileSync(join(page, 'assets', '字.css'), '');
writeFileSync(join(page, 'notes.exe'), '');
symlinkSync(join(outside, 'secret.html'), join(page, 'link.html'));
const assets = listAssets(page);
afterAll(() => rmSync(outside, { recursive: true }));

test('lists the page by address: known kinds only, links never', () => {
  expect([...assets.keys()].sort()).toEqual(['/', '/assets/%E5%AD%97.css', '/assets/a-1.js', '/index.html']);
  expect(findAsset(assets, '/')).toMatchObject({ path: join(page, 'index.html'), hashed: false });
  expect(findAsset(assets, '/assets/a-1.js')).toMatchObject({ hashed: true });
});

const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '..%2f',
    '%2f',
    '%5c',
    '\\',
    '..\\',
    '%00',
    '\0',
    '//',
    '/',
    'C:',
    'c:\\',
    '\\\\server\\share',
    'assets',
    'ASSETS',
    'a-1.js',
    'A-1.JS',
    'index.html',
    'link.html',
    'secret.html',
    'etc',
    'passwd',
    'package.json',
    ';',
    '?',
    '#',
    '~',
    '%252e%252e',
    '．．',
    '%c0%ae%c0%ae',
    'file:',
    'app://studio',
    '字.css',
    '%E5%AD%97.css',
    ' ',
    '%20',
    '::$DATA',
  ),
  fc.string({ maxLength: 8 }),
);
const address = fc
  .array(piece, { maxLength: 8 })
  .chain((pieces) => fc.constantFrom('/', '').map((glue) => `/${pieces.join(glue)}`));

test('100,000 crafted addresses find no file outside the page, and only by the exact address', () => {
  let found = 0;
  fc.assert(
    fc.property(address, (path) => {
      const asset = findAsset(assets, path);
      if (!asset) return;
      found += 1;
      expect(asset.path.startsWith(page + sep)).toBe(true);
      expect(['/', '/index.html', '/assets/a-1.js', '/assets/%E5%AD%97.css']).toContain(path);
    }),
    { numRuns: 100_000 },
  );
  // The generator does reach real files: the property is not empty.
  expect(found).toBeGreaterThan(0);
});

test('names of objects are not addresses', () => {
  for (const path of ['__proto__', 'constructor', '/__proto__', 'toString'])
    expect(findAsset(assets, path)).toBeNull();
});

test('an address of a picture has exactly one form', () => {
  const id = 'a'.repeat(64);
  expect(parseImagePath(`/images/session-01/${id}/thumb`)).toEqual({
    sessionId: 'session-01',
    imageId: id,
    variant: 'thumb',
  });
  const wrong = [
    `/images/session-01/${id}/thumb/`,
    `/images/session-01/${id}/toString`,
    `/images/../${id}/thumb`,
    `/images/session-01/${id.toUpperCase()}/thumb`,
    `/images/session-01/${id}/thumb?x`,
    `/images/session%2F01/${id}/thumb`,
    `/images/session-01/${id.slice(1)}/thumb`,
    `//images/session-01/${id}/thumb`,
  ];
  for (const path of wrong) expect(parseImagePath(path), path).toBeNull();
});

import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#electron/links/connect.ts';
import { childEnvironment } from '#electron/services/supervisor/childEnvironment.ts';
import { imagingDeadline } from '#electron/services/supervisor/deadlines.ts';
import { Supervisor } from '#electron/services/supervisor/Supervisor.ts';
import { spawnNodeChild } from '#electron/services/supervisor/spawnNodeChild.ts';
import type { ImagingContract } from '#shared/contract/imaging.ts';
import { animatedGif, cmykJpeg, picture, pngBomb, rotatedJpeg } from '../support/pictures.ts';

const entry = fileURLToPath(new URL('../../electron/hosts/imagingHost.ts', import.meta.url));
let output = '';
const supervisor = new Supervisor({
  name: 'imaging',
  deadlineOf: imagingDeadline,
  timeoutCode: 'image/timeout',
  spawn: () =>
    spawnNodeChild(process.execPath, {
      entry,
      args: [],
      env: childEnvironment(process.env, process.platform),
      onOutput: (chunk) => {
        output += chunk;
      },
    }),
});
const imaging = createClient<ImagingContract>(supervisor.link);
let folder = '';

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyloom-imaging-'));
});
afterAll(async () => {
  supervisor.dispose();
  await rm(folder, { recursive: true });
});

describe('inspecting a picture', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('tells the facts of a %s', async (format) => {
    const bytes = await picture(120, 80).toFormat(format).toBuffer();
    // The name lies: only the bytes count.
    const path = await file(`plain-${format}.txt`, bytes);
    expect(await imaging.inspect({ path })).toEqual({
      format,
      width: 120,
      height: 80,
      bytes: bytes.length,
      animated: false,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test('refuses 300 megapixels by their number, before decoding them', async () => {
    const path = await file('bomb.png', pngBomb(20_000, 15_000));
    await expect(imaging.inspect({ path })).rejects.toMatchObject({
      code: 'image/too-large',
      details: { width: 20_000, height: 15_000, pixels: 300_000_000, maxPixels: 50_000_000 },
    });
  });

  test('takes 50 megapixels and not one column more', async () => {
    const whole = await imaging.inspect({ path: await file('limit.png', pngBomb(10_000, 5_000)) });
    expect(whole).toMatchObject({ width: 10_000, height: 5_000 });
    const path = await file('over.png', pngBomb(10_001, 5_000));
    await expect(imaging.inspect({ path })).rejects.toMatchObject({ code: 'image/too-large' });
  });

  test('refuses a file above 64 MiB unread', async () => {
    const path = join(folder, 'huge.png');
    const handle = await open(path, 'w');
    await handle.truncate(64 * 1024 * 1024 + 1);
    await handle.close();
    await expect(imaging.inspect({ path })).rejects.toMatchObject({
      code: 'image/too-large',
      details: { bytes: 64 * 1024 * 1024 + 1, maxBytes: 64 * 1024 * 1024 },
    });
  });

  test('refuses an empty file as empty', async () => {
    await expect(imaging.inspect({ path: await file('empty.png', '') })).rejects.toMatchObject({
      code: 'image/empty',
    });
  });

  test.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    [
      'an SVG with a declaration',
      '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    ['a PDF', '%PDF-1.7 and so on, long enough to be sniffed'],
    ['a TIFF', 'II*\0 and so on, long enough to be sniffed'],
    ['a text', 'not a picture at all, whatever its name says'],
    ['a few bytes', '\x89P'],
  ])('refuses %s by type, whatever its name', async (name, content) => {
    const path = await file(`${name}.png`, Buffer.from(content, 'latin1'));
    await expect(imaging.inspect({ path })).rejects.toMatchObject({ code: 'image/unsupported-type' });
  });

  test('refuses an SVG hidden behind the first bytes of a PNG', async () => {
    const path = await file('mask.png', '\x89PNG\r\n\x1a\n<svg xmlns="http://www.w3.org/2000/svg"/>');
    await expect(imaging.inspect({ path })).rejects.toMatchObject({
      code: expect.stringMatching(/^image\/(damaged|unsupported-type)$/),
    });
  });

  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'finds a %s that was cut off',
    async (format) => {
      const bytes = await picture(400, 300).toFormat(format).toBuffer();
      for (const part of [0.95, 0.5, 0.1]) {
        const path = await file(`cut-${format}`, bytes.subarray(0, Math.floor(bytes.length * part)));
        await expect(imaging.inspect({ path }), `${String(part)} of it`).rejects.toMatchObject({
          code: 'image/damaged',
        });
      }
    },
  );

  test('answers or fails typed for 300 mutations of each format, without a crash', async () => {
    let seed = 7;
    const random = (limit: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % limit;
    };
    const codes = new Set<string>();
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
      const original = await picture(64, 48).toFormat(format).toBuffer();
      for (let round = 0; round < 300; round += 1) {
        const mutant = Buffer.from(original);
        for (let change = 0; change <= round % 8; change += 1) mutant[random(mutant.length)] = random(256);
        const path = await file('mutant', mutant);
        codes.add(
          await imaging.inspect({ path }).then(
            () => 'fine',
            (thrown: { code: string }) => thrown.code,
          ),
        );
      }
    }
    expect(
      [...codes].filter((code) => !/^(fine|image\/(damaged|unsupported-type|too-large))$/.test(code)),
    ).toEqual([]);
    expect(codes).toContain('image/damaged');
  });

  test('says that a picture is animated and measures one frame', async () => {
    const path = await file('moving.gif', await animatedGif(60, 40));
    expect(await imaging.inspect({ path })).toMatchObject({ animated: true, width: 60, height: 40 });
  });

  test('measures a rotated photo upright', async () => {
    const path = await file('rotated.jpg', await rotatedJpeg(200, 100));
    expect(await imaging.inspect({ path })).toMatchObject({ width: 100, height: 200 });
  });

  test('takes the colours of print', async () => {
    const path = await file('print.jpg', await cmykJpeg(100, 60));
    expect((await sharp(path).metadata()).space).toBe('cmyk');
    expect(await imaging.inspect({ path })).toMatchObject({ format: 'jpeg', width: 100, height: 60 });
  });

  test('says that a missing file is missing', async () => {
    await expect(imaging.inspect({ path: join(folder, 'nowhere.png') })).rejects.toMatchObject({
      code: 'image/not-found',
    });
  });
});

describe('a thumbnail', () => {
  async function thumbnail(bytes: Uint8Array, widthPx: number) {
    const path = await file('source', bytes);
    const to = join(folder, 'thumb.webp');
    await imaging.thumbnail({ path, to, widthPx });
    const made = await readFile(to);
    const { data, info } = await sharp(made).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
    ];
    return { metadata: await sharp(made).metadata(), at };
  }

  test('is WebP of the asked width, upright, without what the camera noted', async () => {
    const source = await sharp(await rotatedJpeg(800, 400))
      .withExif({
        IFD0: { Copyright: 'somebody', ImageDescription: 'at home' },
        IFD3: { GPSLatitude: '51/1 0/1 0/1' },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { metadata, at } = await thumbnail(source, 100);
    expect(metadata).toMatchObject({ format: 'webp', width: 100, height: 200 });
    expect([metadata.exif, metadata.xmp, metadata.icc, metadata.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    // Turned clockwise, the red left half is on top.
    expect(at(50, 20)[0]).toBeGreaterThan(150);
    expect(at(50, 180)[2]).toBeGreaterThan(150);
  });

  test('is never larger than the picture', async () => {
    const { metadata } = await thumbnail(await picture(90, 30).png().toBuffer(), 320);
    expect(metadata).toMatchObject({ width: 90, height: 30 });
  });

  test('of an animation is its first frame, still', async () => {
    const { metadata, at } = await thumbnail(await animatedGif(60, 40), 30);
    expect(metadata.pages ?? 1).toBe(1);
    expect(at(15, 10)[0]).toBeGreaterThan(200);
  });

  test('of a print picture is in screen colours', async () => {
    const { metadata, at } = await thumbnail(await cmykJpeg(100, 60), 50);
    expect(metadata.space).toBe('srgb');
    expect(at(10, 10)[0]).toBeGreaterThan(150);
  });

  test('of a strip too tall for WebP still comes out', async () => {
    const { metadata } = await thumbnail(pngBomb(600, 60_000), 320);
    expect(metadata.height).toBeLessThanOrEqual(16_383);
  });

  test('of a damaged picture fails typed and leaves no file', async () => {
    const whole = await picture(400, 300).jpeg().toBuffer();
    const path = await file('broken.jpg', whole.subarray(0, whole.length / 2));
    const to = join(folder, 'broken.webp');
    await expect(imaging.thumbnail({ path, to, widthPx: 100 })).rejects.toMatchObject({
      code: 'image/damaged',
    });
    await expect(readFile(to)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('nothing of all this crashed the process, and GLib had nothing to complain about', () => {
  expect(supervisor.status).toEqual({ state: 'ready', reason: '' });
  expect(output).not.toMatch(/GLib|CRITICAL/);
});

describe('pixels for a model', () => {
  const limits = { shortSidePx: 448, maxPixels: 1_300_000 };
  const rasterOf = async (path: string, more: Partial<typeof limits> = {}) => {
    const made = await imaging.raster({ path, to: join(folder, 'pixels.rgb'), ...limits, ...more });
    const bytes = await readFile(made.path);
    expect(bytes.length).toBe(made.width * made.height * 3);
    return {
      ...made,
      at: (x: number, y: number) => [...bytes.subarray((y * made.width + x) * 3).subarray(0, 3)],
    };
  };

  test('a small picture comes as it is', async () => {
    const raw = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]);
    const png = await sharp(raw, { raw: { width: 2, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    const made = await rasterOf(await file('exact.png', png));
    expect(made).toMatchObject({ width: 2, height: 2 });
    expect([made.at(0, 0), made.at(1, 0), made.at(0, 1), made.at(1, 1)].flat()).toEqual([...raw]);
  });

  test('a large one is shrunk to the pixels asked for, but no side below the least', async () => {
    const large = await file('large.jpg', await picture(3000, 2000).jpeg().toBuffer());
    const made = await rasterOf(large);
    expect(made.width * made.height).toBeGreaterThan(1_200_000);
    expect(made.width * made.height).toBeLessThan(1_310_000);
    expect(made.width / made.height).toBeCloseTo(1.5, 2);
    const long = await file('long.png', await picture(6000, 500).png().toBuffer());
    expect(await rasterOf(long, { maxPixels: 100_000 })).toMatchObject({ height: 448 });
  });

  test('upright, on white, in three colours, whatever the file holds', async () => {
    const clear = {
      create: { width: 8, height: 8, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    };
    const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: '#808080' } }).greyscale();
    expect((await rasterOf(await file('clear.png', await sharp(clear).png().toBuffer()))).at(3, 3)).toEqual([
      255, 255, 255,
    ]);
    const greyPixel = (await rasterOf(await file('grey.png', await grey.png().toBuffer()))).at(3, 3);
    expect(new Set(greyPixel).size).toBe(1);
    expect((await rasterOf(await file('cmyk.jpg', await cmykJpeg(60, 40)))).width).toBeGreaterThan(0);
    const deep = sharp(clear).flatten({ background: '#ff0000' }).toColourspace('rgb16');
    expect((await rasterOf(await file('deep.png', await deep.png().toBuffer()))).at(1, 1)).toEqual([
      255, 0, 0,
    ]);
    const upright = await imaging.inspect({ path: await file('rotated.jpg', await rotatedJpeg(60, 40)) });
    const { width, height } = await rasterOf(join(folder, 'rotated.jpg'));
    expect({ width, height }).toEqual({ width: upright.width, height: upright.height });
    expect((await rasterOf(await file('moving.gif', await animatedGif(60, 40)))).width).toBeGreaterThan(0);
  });

  test('a truncated picture is refused and leaves nothing behind', async () => {
    const whole = await picture(300, 200).jpeg().toBuffer();
    const path = await file('cut.jpg', whole.subarray(0, whole.length / 2));
    await expect(imaging.raster({ path, to: join(folder, 'cut.rgb'), ...limits })).rejects.toMatchObject({
      code: 'image/damaged',
    });
    await expect(readFile(join(folder, 'cut.rgb'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { stripMetadata } from '#electron/services/studio/books/stripMetadata.ts';
import type { ImageFormat } from '#shared/story/image.ts';

const secret = 'GPS-OF-MY-HOUSE';
const pixels = () =>
  sharp({ create: { width: 24, height: 16, channels: 3, background: '#357' } }).composite([
    {
      input: Buffer.from('<svg width="10" height="6"><rect width="10" height="6" fill="red"/></svg>'),
      left: 2,
      top: 3,
    },
  ]);

/** A picture with EXIF, orientation 6, GPS, a colour profile and XMP. */
const withMetadata = (format: ImageFormat, orientation: number): Promise<Buffer> =>
  pixels()
    .withMetadata({ orientation })
    .withIccProfile('srgb')
    .withExifMerge({
      IFD0: { ImageDescription: secret, Artist: secret },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withXmp(
      `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="${secret}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
    )
    .toFormat(format)
    .toBuffer();

describe.each(['jpeg', 'png', 'webp', 'avif'] as const)('%s', (format) => {
  test.each([1, 6])(
    'loses what was said about place and person, keeps every pixel (orientation %i)',
    async (orientation) => {
      const before = await withMetadata(format, orientation);
      expect(before.includes(secret)).toBe(true);
      const after = stripMetadata(before, format);
      expect(after.includes(secret)).toBe(false);
      expect(after.includes('GPS')).toBe(false);
      expect(await sharp(after).raw().toBuffer()).toEqual(await sharp(before).raw().toBuffer());
      const [was, is] = [await sharp(before).metadata(), await sharp(after).metadata()];
      expect(is.orientation ?? 1).toBe(format === 'avif' ? (is.orientation ?? 1) : (was.orientation ?? 1));
      expect(await sharp(after).autoOrient().raw().toBuffer()).toEqual(
        await sharp(before).autoOrient().raw().toBuffer(),
      );
      if (format !== 'avif') expect(is.icc).toEqual(was.icc);
      expect(stripMetadata(after, format)).toEqual(after);
    },
  );
});

test('an animation keeps its frames, its loop and its timing', async () => {
  const frames = await Promise.all(
    ['red', 'green', 'blue'].map((background) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const before = await sharp(frames, { join: { animated: true } })
    .gif({ loop: 3, delay: [100, 200, 300] })
    .toBuffer();
  const comment = Buffer.concat([
    Buffer.from([0x21, 0xfe, secret.length]),
    Buffer.from(secret),
    Buffer.from([0]),
  ]);
  const tables = 13 + ((before.readUInt8(10) & 0x80) === 0 ? 0 : 3 * 2 ** ((before.readUInt8(10) & 7) + 1));
  const commented = Buffer.concat([before.subarray(0, tables), comment, before.subarray(tables)]);
  const after = stripMetadata(commented, 'gif');
  expect(after.includes(secret)).toBe(false);
  const [was, is] = [
    await sharp(before, { animated: true }).metadata(),
    await sharp(after, { animated: true }).metadata(),
  ];
  expect(is).toMatchObject({ pages: was.pages, loop: was.loop, delay: was.delay });
  expect(await sharp(after, { animated: true }).raw().toBuffer()).toEqual(
    await sharp(before, { animated: true }).raw().toBuffer(),
  );
});

test('pictures and films that a phone appends to a JPEG are left out', async () => {
  const before = await pixels().jpeg({ progressive: true }).toBuffer();
  const after = stripMetadata(
    Buffer.concat([before, Buffer.from(secret), await withMetadata('jpeg', 1)]),
    'jpeg',
  );
  expect(after.includes(secret)).toBe(false);
  expect(await sharp(after).raw().toBuffer()).toEqual(await sharp(before).raw().toBuffer());
});

test('bytes that are no such picture come back as they are', async () => {
  const jpeg = await withMetadata('jpeg', 6);
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) {
    for (const bytes of [Buffer.alloc(0), Buffer.from('no picture at all'), Buffer.alloc(64, 0xff)]) {
      expect(stripMetadata(bytes, format)).toEqual(bytes);
    }
  }
  for (let length = 0; length < jpeg.length; length += 7) {
    expect(() => stripMetadata(jpeg.subarray(0, length), 'jpeg')).not.toThrow();
  }
});

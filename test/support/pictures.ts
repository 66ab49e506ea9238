import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (crcTable[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A valid black-and-white PNG of any size in a few kilobytes: what a decompression bomb looks like. */
export function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rowBytes = 1 + Math.ceil(width / 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(rowBytes * height), { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Left half red, right half blue, with some noise so that it does not compress to nothing. */
export const picture = (width: number, height: number): Sharp =>
  sharp(
    Buffer.from(
      Array.from({ length: width * height * 3 }, (_, at) => {
        const x = Math.floor(at / 3) % width;
        const channel = at % 3;
        const lit = x < width / 2 ? channel === 0 : channel === 2;
        return (lit ? 230 : 10) + (at % 7);
      }),
    ),
    { raw: { width, height, channels: 3 } },
  );

/** A GIF of three frames in three colours, the first of them red. */
export async function animatedGif(width: number, height: number): Promise<Buffer> {
  const frames = await Promise.all(
    ['red', 'lime', 'blue'].map((background) =>
      sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: [50, 50, 50] })
    .toBuffer();
}

/** A JPEG that is stored lying on its side and says so. */
export const rotatedJpeg = (width: number, height: number): Promise<Buffer> =>
  picture(width, height).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();

/** A JPEG in the colours of print, as designers send them. */
export const cmykJpeg = (width: number, height: number): Promise<Buffer> =>
  picture(width, height).toColourspace('cmyk').jpeg({ quality: 90 }).toBuffer();

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ImageFacts } from '#shared/contract/imaging.ts';
import { AppError } from '#shared/errors/AppError.ts';
import type { RasterFile } from '#shared/models/raster.ts';
import type { ImageFormat } from '#shared/story/image.ts';
import { damaged, maxPixels, openPicture, readHeader } from './decoder.ts';
import { planRaster } from './planRaster.ts';
import { isAvifSequence, sniffedBytes, sniffFormat } from './sniffFormat.ts';

/** 64 MiB. */
const maxFileBytes = 64 * 1024 * 1024;
/** What WebP can hold in either direction. */
const maxWebpPx = 16_383;

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(sniffedBytes), 0, sniffedBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

interface Checked {
  readonly format: ImageFormat;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
}

/** Everything that can be refused without decoding a pixel. */
async function check(path: string): Promise<Checked> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new AppError('image/not-found', 'There is no such picture');
  if (facts.size === 0) throw new AppError('image/empty', 'The file is empty');
  if (facts.size > maxFileBytes) {
    throw new AppError('image/too-large', 'The file is too large', {
      details: { bytes: facts.size, maxBytes: maxFileBytes },
    });
  }
  const head = await readHead(path);
  const format = sniffFormat(head);
  if (!format) throw new AppError('image/unsupported-type', 'Not a JPEG, PNG, WebP, GIF or AVIF file');
  const header = await readHeader(path);
  const { width, height } = header.autoOrient;
  if (!(width > 0 && height > 0)) throw new AppError('image/damaged', 'The picture has no size');
  if (width * height > maxPixels) {
    throw new AppError('image/too-large', 'The picture has too many pixels', {
      details: { width, height, pixels: width * height, maxPixels },
    });
  }
  const animated = (header.pages ?? 1) > 1 || (format === 'avif' && isAvifSequence(head));
  return { format, bytes: facts.size, width, height, animated };
}

interface RasterInput {
  readonly path: string;
  readonly to: string;
  readonly shortSidePx: number;
  readonly maxPixels: number;
}

/** A grey picture as a coloured one. */
function threeTimes(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (const [pixel, value] of grey.entries()) rgb.fill(value, pixel * 3, pixel * 3 + 3);
  return rgb;
}

/** Writes a file beside its place, then moves it there. Errors: disk/failed. */
async function writeWhole(to: string, data: Uint8Array): Promise<void> {
  const temporary = `${to}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
    await rename(temporary, to);
  } catch (thrown) {
    await unlink(temporary).catch(() => undefined);
    throw new AppError('disk/failed', 'A file could not be written', { cause: thrown });
  }
}

/** The imaging contract over libvips. Files are untrusted: everything ends in an answer or an `image/*` error. */
export function createImagingService() {
  return {
    async inspect({ path }: { path: string }): Promise<ImageFacts> {
      const checked = await check(path);
      // Shrinking to one pixel reads every row, which is where truncation and damage show.
      await openPicture(path)
        .resize(1, 1, { fit: 'fill', fastShrinkOnLoad: false })
        .raw()
        .toBuffer()
        .catch((thrown: unknown) => {
          throw damaged(thrown);
        });
      return { ...checked, sha256: await sha256(path) };
    },

    async thumbnail({ path, to, widthPx }: { path: string; to: string; widthPx: number }): Promise<void> {
      await check(path);
      const { data } = await openPicture(path)
        .resize({ width: widthPx, height: maxWebpPx, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer({ resolveWithObject: true })
        .catch((thrown: unknown) => {
          throw damaged(thrown);
        });
      await writeWhole(to, data);
    },

    async raster({ path, to, ...limits }: RasterInput): Promise<RasterFile> {
      const size = planRaster(await check(path), limits);
      const { data, info } = await openPicture(path)
        .resize({ ...size, fit: 'fill', fastShrinkOnLoad: false })
        .toColourspace('srgb')
        .flatten({ background: '#ffffff' })
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true })
        .catch((thrown: unknown) => {
          throw damaged(thrown);
        });
      await writeWhole(to, info.channels === 1 ? threeTimes(data) : data);
      return { path: to, width: info.width, height: info.height };
    },
  };
}

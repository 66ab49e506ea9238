import { crc32 } from 'node:zlib';
import type { ImageFormat } from '#shared/story/image.ts';

/**
 * A picture file without what its camera or editor wrote about the place, the time and the person (EXIF, GPS, XMP, IPTC,
 * comments). Pixels, colour profile and orientation stay as they are. What cannot be read as its format is returned
 * unchanged.
 */
export function stripMetadata(bytes: Buffer, format: ImageFormat): Buffer {
  try {
    return strippers[format](bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError) return bytes;
    throw thrown;
  }
}

const strippers: Readonly<Record<ImageFormat, (bytes: Buffer) => Buffer>> = {
  jpeg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
  gif: stripGif,
  avif: stripAvif,
};

/** The EXIF orientation (1 to 8), 1 where there is none. `tiff` begins at the byte order mark. */
function orientationOf(tiff: Buffer): number {
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = u32(4);
    for (let entry = 0; entry < u16(directory); entry += 1) {
      const at = directory + 2 + entry * 12;
      if (u16(at) === 0x0112) return Math.min(8, Math.max(1, u16(at + 8)));
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return 1;
}

/** A TIFF block that says nothing but the orientation. */
function orientationBlock(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM\0*', 0, 'latin1');
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}

function stripJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (bytes.readUInt8(at) !== 0xff) return bytes;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return bytes;
    const segment = bytes.subarray(at, end);
    if (segment.toString('latin1', 4, 10) === 'Exif\0\0') orientation = orientationOf(segment.subarray(10));
    if (isKeptSegment(marker, segment)) kept.push(segment);
    at = end;
  }
  if (orientation !== 1) {
    const tiff = orientationBlock(orientation);
    const head = Buffer.from([0xff, 0xe1, 0, 8 + tiff.length, ...Buffer.from('Exif\0\0', 'latin1')]);
    kept.splice(1, 0, Buffer.concat([head, tiff]));
  }
  return Buffer.concat([...kept, withoutTrailer(bytes.subarray(at))]);
}

/** JFIF, colour profiles and Adobe's colour transform stay; the other application segments and comments go. */
function isKeptSegment(marker: number, segment: Buffer): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  return (
    marker === 0xe0 ||
    marker === 0xee ||
    (marker === 0xe2 && segment.toString('latin1', 4, 15) === 'ICC_PROFILE')
  );
}

/** Scans up to the end of the image: phones append whole films and second pictures with data of their own. */
function withoutTrailer(scans: Buffer): Buffer {
  let at = 0;
  while (at + 1 < scans.length) {
    const next = scans.indexOf(0xff, at);
    if (next < 0 || next + 1 >= scans.length) return scans;
    const marker = scans.readUInt8(next + 1);
    if (marker === 0xd9) return scans.subarray(0, next + 2);
    const isData = marker === 0 || marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    at = isData ? next + (marker === 0xff ? 1 : 2) : next + 2 + scans.readUInt16BE(next + 2);
  }
  return scans;
}

const pngMetadata = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME']);

function stripPng(bytes: Buffer): Buffer {
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  let at = 8;
  while (at < bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return bytes;
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (name === 'eXIf') {
      const orientation = orientationOf(bytes.subarray(at + 8, end - 4));
      if (orientation !== 1) kept.push(pngChunk('eXIf', orientationBlock(orientation)));
    }
    if (!pngMetadata.has(name)) kept.push(bytes.subarray(at, end));
    at = end;
    if (name === 'IEND') break;
  }
  return Buffer.concat(kept);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

function stripWebp(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let orientation = 1;
  const riffEnd = 8 + bytes.readUInt32LE(4);
  for (let at = 12; at < riffEnd; ) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    if (end > bytes.length + (size % 2)) return bytes;
    const name = bytes.toString('latin1', at, at + 4);
    if (name === 'EXIF') {
      const data = bytes.subarray(at + 8, at + 8 + size);
      orientation = orientationOf(data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data);
    } else if (name !== 'XMP ') {
      kept.push(bytes.subarray(at, end));
    }
    at = end;
  }
  if (orientation !== 1) {
    const head = Buffer.alloc(8);
    head.write('EXIF', 0, 'latin1');
    const tiff = orientationBlock(orientation);
    head.writeUInt32LE(tiff.length, 4);
    kept.push(Buffer.concat([head, tiff]));
  }
  const body = Buffer.concat(kept.map((chunk) => withWebpFlags(chunk, orientation !== 1)));
  const riff = Buffer.from(bytes.subarray(0, 12));
  riff.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([riff, body]);
}

/** The extended header's flags say which chunks follow. */
function withWebpFlags(chunk: Buffer, hasExif: boolean): Buffer {
  if (chunk.toString('latin1', 0, 4) !== 'VP8X') return chunk;
  const copy = Buffer.from(chunk);
  copy.writeUInt8((copy.readUInt8(8) & ~0b1100) | (hasExif ? 0b1000 : 0), 8);
  return copy;
}

function stripGif(bytes: Buffer): Buffer {
  const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  const blocksEnd = (from: number) => {
    let at = from;
    for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += size + 1;
    return at + 1;
  };
  let at = 13 + tableBytes(bytes.readUInt8(10));
  const kept: Buffer[] = [bytes.subarray(0, at)];
  for (;;) {
    const kind = bytes.readUInt8(at);
    if (kind === 0x3b) break;
    let end: number;
    let keep = true;
    if (kind === 0x2c) end = blocksEnd(at + 11 + tableBytes(bytes.readUInt8(at + 9)));
    else if (kind === 0x21) {
      const label = bytes.readUInt8(at + 1);
      end = blocksEnd(at + 2);
      const name = bytes.toString('latin1', at + 3, at + 14);
      keep =
        label === 0xf9 || label === 0x01 || (label === 0xff && /^(?:NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(name));
    } else return bytes;
    if (keep) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.from([0x3b])]);
}

/** AVIF keeps its orientation in the image's own properties; the bytes of its EXIF and XMP items are blanked in place. */
function stripAvif(bytes: Buffer): Buffer {
  const meta = boxes(bytes, 0, bytes.length).find(({ type }) => type === 'meta');
  if (!meta) return bytes;
  const inside = boxes(bytes, meta.from + 4, meta.to);
  const infos = inside.find(({ type }) => type === 'iinf');
  const locations = inside.find(({ type }) => type === 'iloc');
  if (!infos || !locations) return bytes;
  const countBytes = bytes.readUInt8(infos.from) === 0 ? 2 : 4;
  const privateItems = new Set(
    boxes(bytes, infos.from + 4 + countBytes, infos.to).flatMap(({ type, from }) => {
      const version = bytes.readUInt8(from);
      if (type !== 'infe' || version < 2) return [];
      const idBytes = version === 2 ? 2 : 4;
      const itemType = bytes.toString('latin1', from + 6 + idBytes, from + 10 + idBytes);
      return itemType === 'Exif' || itemType === 'mime' ? [bytes.readUIntBE(from + 4, idBytes)] : [];
    }),
  );
  const copy = Buffer.from(bytes);
  for (const { item, at, length } of extents(bytes, locations.from)) {
    if (privateItems.has(item)) copy.fill(0, at, at + length);
  }
  return copy;
}

function boxes(bytes: Buffer, start: number, end: number): { type: string; from: number; to: number }[] {
  const found: { type: string; from: number; to: number }[] = [];
  for (let at = start; at + 8 <= end; ) {
    const short = bytes.readUInt32BE(at);
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? end - at : short;
    if (size < 8 || at + size > end) break;
    found.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      from: at + (short === 1 ? 16 : 8),
      to: at + size,
    });
    at += size;
  }
  return found;
}

/** Where the item location box at `from` says that items lie in the file. */
function* extents(bytes: Buffer, from: number): Generator<{ item: number; at: number; length: number }> {
  let at = from;
  const take = (size: number): number => {
    at += size;
    if (size === 0) return 0;
    return size === 8 ? Number(bytes.readBigUInt64BE(at - 8)) : bytes.readUIntBE(at - size, size);
  };
  const version = take(1);
  take(3);
  const sizes = take(2);
  const nibble = (shift: number) => (sizes >> shift) & 15;
  const idBytes = version < 2 ? 2 : 4;
  for (let left = take(idBytes); left > 0; left -= 1) {
    const item = take(idBytes);
    const method = version === 0 ? 0 : take(2) & 15;
    take(2);
    const base = take(nibble(4));
    for (let parts = take(2); parts > 0; parts -= 1) {
      if (version > 0) take(nibble(0));
      const offset = take(nibble(12));
      const length = take(nibble(8));
      if (method === 0) yield { item, at: base + offset, length };
    }
  }
}

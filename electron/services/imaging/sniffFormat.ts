import type { ImageFormat } from '#shared/story/image.ts';

/** Bytes at the start of a file that tell its format. */
export const sniffedBytes = 64;

const ascii = (head: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...head.subarray(from, to));

/** The major and the compatible brands of an ISO base media file, as far as `head` reaches. */
function brands(head: Uint8Array): string[] {
  const boxBytes = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const end = Math.min(boxBytes, head.length);
  const found = [ascii(head, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(ascii(head, at, at + 4));
  return found;
}

/** The format that the first bytes promise, whatever the file is called; `null` for every other kind of file. */
export function sniffFormat(head: Uint8Array): ImageFormat | null {
  if (head.length < 12) return null;
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(head, 0, 6) === 'GIF87a' || ascii(head, 0, 6) === 'GIF89a') return 'gif';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
  if (ascii(head, 4, 8) === 'ftyp' && brands(head).some((brand) => brand === 'avif' || brand === 'avis')) {
    return 'avif';
  }
  return null;
}

/** Whether an AVIF file announces an image sequence. */
export const isAvifSequence = (head: Uint8Array): boolean =>
  head.length >= 12 && brands(head).includes('avis');

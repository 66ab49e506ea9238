import type { ImageId } from '#shared/story/ids.ts';
import { StoryImage } from '#shared/story/image.ts';
import { checkedTree, decodeText, isRecord, printJsonLine } from './json.ts';

export const imageIndexPath = 'images/index.jsonl';

/** The picture index as read; lines that make no sense are kept to be written back as they are. */
export interface ImageIndex {
  readonly images: Readonly<Record<ImageId, StoryImage>>;
  /** Keys of a line that this version does not know, by picture. */
  readonly extras: ReadonlyMap<ImageId, Readonly<Record<string, unknown>>>;
  readonly strange: readonly string[];
}

export const emptyImageIndex: ImageIndex = { images: {}, extras: new Map(), strange: [] };

/** A plain name inside `images/`: nothing that could point elsewhere. */
const isPlainName = (name: string): boolean => !/[/\\\0:]/.test(name) && !/^\.{1,2}$/.test(name);

/** Reads the index, one JSON object a line. Errors: project/damaged where the bytes are not text. */
export function parseImageIndex(bytes: Uint8Array): ImageIndex {
  const images: Record<ImageId, StoryImage> = {};
  const extras = new Map<ImageId, Record<string, unknown>>();
  const strange: string[] = [];
  for (const line of decodeText(bytes).split('\n')) {
    if (line.trim() === '') continue;
    const raw = parseLine(line);
    const result = StoryImage.safeParse(raw);
    if (!isRecord(raw) || !result.success || !isPlainName(result.data.file) || images[result.data.id]) {
      strange.push(line);
      continue;
    }
    const image = result.data;
    images[image.id] = image;
    const unknown = Object.entries(raw).filter(([key]) => !(key in image));
    if (unknown.length > 0) extras.set(image.id, Object.fromEntries(unknown));
  }
  return { images, extras, strange };
}

function parseLine(line: string): unknown {
  try {
    return checkedTree(JSON.parse(line));
  } catch {
    return null;
  }
}

/** The index's bytes: one line a picture, by file name, so that adding one changes one line. */
export function renderImageIndex({ images, extras, strange }: ImageIndex): Buffer {
  const byFile = Object.values(images).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const lines = [...byFile.map((image) => printJsonLine({ ...extras.get(image.id), ...image })), ...strange];
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

import { createReadStream } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { descriptionFile, readModelFolder } from '../runtime/modelFolder.ts';
import { codeOf } from './diskError.ts';
import { checkRoom } from './download/diskRoom.ts';
import { checkFileNames, safePath } from './download/safePath.ts';
import { filesUnder } from './filesUnder.ts';
import { findModel } from './foundModel.ts';
import { sha256Of, type Watch } from './hashFile.ts';
import { readReceipt, receiptFile } from './receipt.ts';
import { unpackTar } from './unpackTar.ts';
import { type TarFile, writeTar } from './writeTar.ts';

/** No model has more files. */
const mostFiles = 1000;

type Hashes = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

/** Who follows a pack on its way; `onBytes` is told of bytes that were read, of all that `onTotal` told. */
export interface PackOptions extends Watch {
  readonly onTotal?: (bytes: number) => void;
  /** Whether a file of that name gives way. */
  readonly replace?: boolean;
}

/** What a folder says that it holds: our description, or the receipt of a conversion. Errors: model/damaged. */
async function contentsOf(folder: string): Promise<{ id: string; files: Hashes; saysSo: string }> {
  const receipt = await readReceipt(folder);
  if (receipt) return { id: receipt.id, files: receipt.files, saysSo: receiptFile };
  const { id, files } = await readModelFolder(folder);
  return { id, files, saysSo: descriptionFile };
}

/** Files that the folder really has, of those that it names: other variants may be elsewhere. */
async function present(folder: string, names: readonly string[]): Promise<string[]> {
  const there = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (facts) => facts.isFile(),
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => there[index]);
}

/**
 * Writes a model folder into one file that another machine can take in without a network: a plain tar archive, which appears
 * only when it is whole and on the disk. Errors: model/damaged where a file is not what the folder says, disk/* (`disk/exists`
 * for a file that is there unless it may be replaced), task/cancelled.
 */
export async function writePack(folder: string, file: string, options: PackOptions): Promise<void> {
  if (!(await isThere(dirname(file)))) throw notFound(dirname(file));
  if (options.replace !== true && (await isThere(file))) {
    throw new AppError('disk/exists', 'There is a file of that name', { details: { file } });
  }
  const { files, saysSo } = await contentsOf(folder);
  const names = await present(folder, Object.keys(files).map(safePath));
  const content = await readFile(join(folder, saysSo));
  const entries: TarFile[] = [
    { name: saysSo, bytes: content.length, sha256: null },
    ...names.map((name) => ({ name, bytes: files[name]?.bytes ?? 0, sha256: files[name]?.sha256 ?? '' })),
  ];
  options.onTotal?.(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  await writeTar(folder, entries, file, options);
}

const notFound = (path: string): AppError =>
  new AppError('disk/not-found', `${path} is not there`, { details: { path } });

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/**
 * Unpacks and checks a pack in an empty folder: only files that its own description names, each with the right hash, no links,
 * nothing that leads out. Returns the model's id. Errors: model/damaged, disk/*, task/cancelled.
 */
export async function readPack(file: string, folder: string, options: PackOptions): Promise<string> {
  if (!(await isThere(file))) throw notFound(file);
  const { size } = await stat(file);
  // Every byte is read twice: from the pack, and from the disk for its hash.
  options.onTotal?.(2 * size);
  await checkRoom(folder, size);
  await extractFiles(file, folder, size, options);
  const { id, files, saysSo } = await contentsOf(folder);
  const unpacked = (await filesUnder(folder)).filter((name) => name !== saysSo);
  const extra = unpacked.find((name) => !Object.hasOwn(files, name));
  if (extra !== undefined) throw refusal(`${extra} is not named`);
  const missing = Object.keys(files).filter((name) => !unpacked.includes(name));
  // A description may name variants that were left at home, and says which files belong together; a receipt names one.
  if (saysSo === receiptFile && missing.length > 0) throw refusal(`${missing.join(', ')} is missing`);
  if (saysSo === descriptionFile) await findModel(folder);
  for (const name of unpacked) {
    if ((await sha256Of(join(folder, name), options)) !== files[name]?.sha256) {
      throw new AppError('model/damaged', `${name} is not what it should be`, { details: { file: name } });
    }
  }
  return id;
}

const refusal = (reason: string): AppError =>
  new AppError('model/damaged', `Not a pack of a model: ${reason}`);

/** Unpacks plain files with safe names; anything else ends it. A pack is not compressed: it cannot hold more than it is long. */
async function extractFiles(
  file: string,
  folder: string,
  size: number,
  { signal = new AbortController().signal, onBytes }: Watch,
): Promise<void> {
  let [count, bytes] = [0, 0];
  const source = createReadStream(file, { highWaterMark: 1024 * 1024 });
  if (onBytes) source.on('data', (chunk) => onBytes(chunk.length));
  const names: string[] = [];
  try {
    await unpackTar(source, {
      to: folder,
      signal,
      placeOf: (entry) => {
        count += 1;
        bytes += entry.size;
        names.push(entry.path);
        if (count > mostFiles || bytes > size) throw refusal('more than it can hold');
        if (entry.type !== 'File' && entry.type !== 'OldFile') throw refusal(`${entry.path} is no file`);
        if (!areSafe(names)) throw refusal(`${entry.path} leads out, or is there twice`);
        return entry.path;
      },
    });
  } catch (error) {
    if (error instanceof AppError || signal.aborted || /^E[A-Z]+$/.test(codeOf(error))) throw error;
    throw new AppError('model/damaged', 'The pack cannot be unpacked', { cause: error });
  } finally {
    source.destroy();
  }
}

function areSafe(names: readonly string[]): boolean {
  try {
    checkFileNames(names);
    return true;
  } catch {
    return false;
  }
}

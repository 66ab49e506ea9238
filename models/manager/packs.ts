import { readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { create, extract } from 'tar';
import { z } from 'zod';
import { AppError } from '#shared/errors/AppError.ts';
import { descriptionFile, readModelFolder } from '../runtime/modelFolder.ts';
import { safePath } from './download/hubUrls.ts';
import { filesUnder } from './filesUnder.ts';
import { findModel } from './foundModel.ts';
import { Receipt, receiptFile, sha256Of } from './receipt.ts';

/** No model has more files. */
const mostFiles = 1000;
const marginBytes = 256 * 1024 * 1024;

const Hashes = z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() }));

/** What a folder says that it holds: our description, or the receipt of a conversion. Errors: model/damaged. */
async function contentsOf(
  folder: string,
): Promise<{ id: string; files: z.infer<typeof Hashes>; saysSo: string }> {
  const receipt = await readFile(join(folder, receiptFile), 'utf8').catch(() => null);
  if (receipt === null) {
    const { id, files } = await readModelFolder(folder);
    return { id, files, saysSo: descriptionFile };
  }
  const read = Receipt.safeParse(JSON.parse(receipt));
  if (!read.success) throw new AppError('model/damaged', 'The receipt of the model cannot be read');
  return { id: read.data.id, files: read.data.files, saysSo: receiptFile };
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
 * Writes a model folder into one file that another machine can take in without a network: a plain tar archive.
 * Errors: model/damaged where a file is not what the folder says, disk/*.
 */
export async function writePack(folder: string, file: string): Promise<void> {
  const { files, saysSo } = await contentsOf(folder);
  const names = await present(folder, Object.keys(files).map(safePath));
  await checkHashes(folder, names, files);
  await create({ file, cwd: folder, portable: true, follow: true }, [saysSo, ...names]);
}

/**
 * Unpacks and checks a pack in an empty folder: only files that its own description names, each with the right hash, no links,
 * nothing that leads out. Returns the model's id. Errors: model/damaged, disk/*.
 */
export async function readPack(file: string, folder: string): Promise<string> {
  const { size } = await stat(file);
  const { bavail, bsize } = await statfs(folder);
  if (size + marginBytes > bavail * bsize) {
    throw new AppError('disk/full', 'The disk has not enough room', {
      details: { neededBytes: size, freeBytes: bavail * bsize },
    });
  }
  await extractFiles(file, folder, size);
  const { id, files, saysSo } = await contentsOf(folder);
  const unpacked = (await filesUnder(folder)).filter((name) => name !== saysSo);
  const extra = unpacked.find((name) => !Object.hasOwn(files, name));
  if (extra !== undefined) throw refusal(`${extra} is not named`);
  const missing = Object.keys(files).filter((name) => !unpacked.includes(name));
  // A description may name variants that were left at home, and says which files belong together; a receipt names one.
  if (saysSo === receiptFile && missing.length > 0) throw refusal(`${missing.join(', ')} is missing`);
  if (saysSo === descriptionFile) await findModel(folder);
  await checkHashes(folder, unpacked, files);
  return id;
}

const refusal = (reason: string): AppError =>
  new AppError('model/damaged', `Not a pack of a model: ${reason}`);

/** Unpacks plain files with safe names; anything else ends it. A pack is not compressed: it cannot hold more than it is long. */
async function extractFiles(file: string, folder: string, size: number): Promise<void> {
  let [count, bytes] = [0, 0];
  const refused: AppError[] = [];
  // What a filter throws never reaches the caller: it is kept, and told in the end.
  const isGood = (path: string, type: string, entryBytes: number): boolean => {
    count += 1;
    bytes += entryBytes;
    if (count > mostFiles || bytes > size) refused.push(refusal('more than it can hold'));
    if (type !== 'File' && type !== 'OldFile') refused.push(refusal(`${path} is no file`));
    if (!isSafe(path)) refused.push(refusal(`${path} leads out`));
    return refused.length === 0;
  };
  try {
    await extract({
      file,
      cwd: folder,
      strict: true,
      filter: (path, entry) => isGood(path, 'type' in entry ? entry.type : '', entry.size),
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/^E[A-Z]+$/.test(code)) throw error;
    throw new AppError('model/damaged', 'The pack cannot be unpacked', { cause: error });
  }
  const [first] = refused;
  if (first) throw first;
}

function isSafe(path: string): boolean {
  try {
    return safePath(path) === path;
  } catch {
    return false;
  }
}

async function checkHashes(
  folder: string,
  names: readonly string[],
  files: z.infer<typeof Hashes>,
): Promise<void> {
  for (const name of names) {
    if ((await sha256Of(join(folder, name))) !== files[name]?.sha256) {
      throw new AppError('model/damaged', `${name} is not what it should be`, { details: { file: name } });
    }
  }
}

import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/AppError.ts';
import { createStory } from '#shared/story/create.ts';
import { createStoryId } from '#shared/story/ids.ts';
import type { Language } from '#shared/story/scene.ts';
import { atomicSave, syncFolder } from '../disk/atomicSave.ts';
import { diskError } from '../disk/diskError.ts';
import { isRecord, parseJson, printJson } from '../files/json.ts';
import { manifestPath, renderManifest, shellOf } from '../files/manifestFile.ts';
import { prepareFolder } from './prepareFolder.ts';

const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const maxNameBytes = 120;

/**
 * A folder name that reads like the title and that Windows, macOS and Linux all take: NFC, no separators or control
 * characters, no dot or blank at the end, none of Windows' device names, at most 120 bytes.
 */
export function folderNameFor(title: string): string {
  const plain = Array.from(title.toWellFormed().normalize('NFC'), (character) =>
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}<>:"/\\|?*]/u.test(character) ? ' ' : character,
  )
    .join('')
    .replace(/\s+/gu, ' ')
    .replace(/^[ .]+/, '');
  let name = '';
  for (const { segment } of new Intl.Segmenter().segment(plain)) {
    if (Buffer.byteLength(name + segment) > maxNameBytes) break;
    name += segment;
  }
  name = name.replace(/[ .]+$/, '');
  if (name === '') return 'Story';
  return reserved.test(name) ? `${name.replace(/\..*$/, '')} story` : name;
}

async function makeNewFolder(parentFolder: string, name: string): Promise<string> {
  const folder = join(parentFolder, name);
  try {
    await fs.mkdir(parentFolder, { recursive: true });
    await fs.mkdir(folder);
    await syncFolder(parentFolder);
    return folder;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') {
      throw new AppError('project/exists', 'A folder with that name is there already', {
        details: { folder },
      });
    }
    throw diskError(thrown, folder);
  }
}

/** Makes a folder with an empty story in it and resolves to its path. Errors: project/exists, disk/*. */
export async function createProject(
  parentFolder: string,
  title: string,
  language: Language,
): Promise<string> {
  const folder = await makeNewFolder(parentFolder, folderNameFor(title));
  await prepareFolder(folder);
  const bytes = renderManifest(shellOf(createStory(title, language)), new Map());
  await atomicSave(join(folder, manifestPath), bytes, { writer: randomBytes(4).toString('hex') });
  return folder;
}

/** Copies a story folder under a free name like `name`; the copy is a story of its own. Errors: project/not-found, disk/*. */
export async function copyProject(from: string, parentFolder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = folderNameFor(count === 1 ? name : `${name} ${String(count)}`);
    const folder = await makeNewFolder(parentFolder, candidate).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'project/exists') return null;
      throw thrown;
    });
    if (folder === null) continue;
    try {
      const manifest = parseJson(await fs.readFile(join(from, manifestPath)));
      await fs.cp(from, folder, {
        recursive: true,
        filter: (source) => !/[/\\]\.storyloom(?:[/\\]|$)/.test(source.slice(from.length)),
      });
      await prepareFolder(folder);
      const own = { ...(isRecord(manifest) ? manifest : {}), id: createStoryId() };
      await atomicSave(join(folder, manifestPath), Buffer.from(printJson(own)), {
        writer: randomBytes(4).toString('hex'),
      });
      return folder;
    } catch (thrown) {
      await fs.rm(folder, { recursive: true, force: true });
      throw diskError(thrown, folder);
    }
  }
}

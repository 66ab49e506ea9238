import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject } from '#electron/services/studio/project/createProject.ts';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { createScene } from '#shared/story/create.ts';

/**
 * Saves onto a tmpfs that is full but for a little, in steps of 4 KiB (Linux, root). A save either succeeds or fails
 * with disk/full; the file is whole either way, no temporary file is left, and it succeeds once there is room.
 */
const steps = Number(process.argv[2] ?? 220);
const stepBytes = 4096;
const textBytes = 400_000;

const root = mkdtempSync(join(tmpdir(), 'storyloom-full-'));
const disk = join(root, 'disk');
mkdirSync(disk);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
let refused = 0;
let saved = 0;
let bad = 0;
try {
  const folder = await createProject(disk, 'Story', 'en');
  const sessions = createSessions({ userDataFolder: join(root, 'data'), autosave: false, watch: false });
  const session = sessions.get((await sessions.open(folder)).sessionId);
  const scene = createScene({ lang: 'en', title: 'One', text: 'a'.repeat(textBytes) });
  await session.apply(0, [{ kind: 'scene.add', scene, parentId: null, index: 0 }]);
  await session.save();
  let onDisk = scene.text ?? '';
  const filler = join(disk, 'filler');
  for (let step = 0; step < steps; step++) {
    const text = String.fromCharCode(97 + ((step + 1) % 26)).repeat(textBytes + (step % 50) * 100);
    const before = session.story.scenes[scene.id]?.text ?? '';
    await session.apply(session.revision, [
      { kind: 'text.edit', id: scene.id, edits: [{ at: 0, removed: before, inserted: text }] },
    ]);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - step * stepBytes)));
    let problem = '';
    try {
      await session.save();
      saved += 1;
      onDisk = text;
    } catch (thrown) {
      refused += 1;
      const { code } = AppError.from(thrown);
      if (code !== 'disk/full') problem = `refused with ${code}`;
    }
    const loaded = await loadProject(createDiskSource(folder), { keepsTexts: true });
    const found = loaded.story.scenes[scene.id]?.text;
    if (loaded.damaged.size > 0 || (found !== onDisk && found !== text)) problem = 'damaged';
    if (session.story.scenes[scene.id]?.text !== text) problem = 'lost from memory';
    for (const part of ['', 'scenes']) {
      if (readdirSync(join(folder, part)).some((name) => name.endsWith('-tmp'))) problem = 'left a file';
    }
    rmSync(filler);
    await session.save();
    onDisk = text;
    if (problem !== '') {
      bad += 1;
      console.log(`${String(step * stepBytes)} bytes free: ${problem}`);
    }
  }
  await sessions.closeAll();
} finally {
  execFileSync('umount', [disk]);
  rmSync(root, { recursive: true, force: true });
}
console.log(
  `${String(steps)} steps: ${String(refused)} refused with disk/full, ${String(saved)} saved, ${String(bad)} bad`,
);
process.exitCode = bad === 0 && refused > 0 && saved > 0 ? 0 : 1;

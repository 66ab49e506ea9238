import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import type { Session } from '#electron/services/studio/session.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { createRandom } from '#models/runtime/sampling.ts';
import type { Conflict } from '#shared/contract/studio.ts';
import { AppError } from '#shared/errors/AppError.ts';
import { SceneId } from '#shared/story/ids.ts';
import { bigStory, bigStorySize } from '../support/bigStory.ts';
import { writeStory } from '../support/writeStory.ts';

/**
 * Another program changes scenes of a large open story, in place and by renaming, while the writer types into scenes of
 * it, often the same ones. Each edit adds a word of its own; a conflict is ended by keeping the words of both sides.
 * `npx node test/soak/outsideEdits.ts [edits]`. Fails when a word is missing in the end, in memory or on the disk.
 */
const edits = Number(process.argv[2] ?? 10_000);
const perRound = 5;
/** Few enough scenes that both sides often meet. */
const contested = 60;
const random = createRandom(5);
const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
const wordsOf = (text: string): string[] => text.match(/\b(?:in|out)\d+x\b/g) ?? [];

const root = mkdtempSync(join(tmpdir(), 'storyloom-outside-'));
const wanted = new Map<SceneId, Set<string>>();
const want = (id: SceneId, word: string) => wanted.set(id, (wanted.get(id) ?? new Set()).add(word));
const open = new Map<SceneId, Conflict>();
let conflicts = 0;
let resolved = 0;

async function follow(session: Session, signal: AbortSignal): Promise<void> {
  for await (const event of session.events(signal)) {
    if (event.type !== 'conflict') continue;
    conflicts += 1;
    open.set(event.conflict.sceneId, event.conflict);
  }
}

/** Adds a word to a scene's file as another program would: at the end, in place or through a file of its own. */
function editOutside(path: string, word: string): void {
  const text = `${readFileSync(path, 'utf8').trimEnd()} ${word}\n`;
  if (random() < 0.5) writeFileSync(path, text);
  else {
    const beside = join(root, 'beside.md');
    writeFileSync(beside, text);
    renameSync(beside, path);
  }
}

async function editInside(session: Session, id: SceneId, word: string): Promise<void> {
  const text = (await session.readTexts([id])).get(id) ?? '';
  const at = text.trimEnd().length;
  await session.apply(session.revision, [
    { kind: 'text.edit', id, edits: [{ at, removed: '', inserted: ` ${word}` }] },
  ]);
}

/** The words of both sides, once each. */
function merged(session: Session, { sceneId, theirs }: Conflict): string {
  const mine = session.story.scenes[sceneId]?.text ?? '';
  const has = new Set(wordsOf(theirs));
  const missing = wordsOf(mine).filter((word) => !has.has(word));
  return [theirs.trimEnd(), ...missing].join(' ');
}

/** Saves until nothing is in dispute. */
async function settle(session: Session): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await session.save();
      if (open.size === 0) return;
    } catch (thrown) {
      if (AppError.from(thrown).code !== 'story/conflict') throw thrown;
    }
    await new Promise(setImmediate);
    for (const conflict of Array.from(open.values())) {
      open.delete(conflict.sceneId);
      resolved += 1;
      await session.resolveConflict(conflict.sceneId, merged(session, conflict)).catch((thrown: unknown) => {
        const { code } = AppError.from(thrown);
        if (code !== 'story/conflict' && code !== 'input/invalid') throw thrown;
      });
    }
  }
  throw new Error('The conflicts do not end');
}

const missingIn = (texts: ReadonlyMap<string, string>): string[] =>
  Array.from(wanted).flatMap(([id, words]) => {
    const found = new Set(wordsOf(texts.get(id) ?? ''));
    return Array.from(words).filter((word) => !found.has(word));
  });

/** What the session lacks once its watch has had time to see the last edit. */
async function missingInMemory(session: Session, ids: readonly SceneId[]): Promise<string[]> {
  let missing: string[] = [];
  for (let waited = 0; waited < 20; waited++) {
    missing = missingIn(await session.readTexts(ids));
    if (missing.length === 0) break;
    await delay(500);
  }
  return missing;
}

try {
  const folder = await writeStory(root, bigStory(bigStorySize));
  const names = await readdir(join(folder, 'scenes'));
  const files = new Map<SceneId, string>();
  for (const name of names) {
    const path = join(folder, 'scenes', name);
    const found = /^id: (\S+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    if (found) files.set(SceneId.parse(found), path);
  }
  const sessions = createSessions({ userDataFolder: join(root, 'data'), autosave: false, watch: true });
  const session = sessions.get((await sessions.open(folder)).sessionId);
  const stop = new AbortController();
  const following = follow(session, stop.signal).catch(() => undefined);
  const ids = Array.from(files.keys()).slice(0, contested);
  for (let edit = 0; edit < edits; ) {
    for (let inRound = 0; inRound < perRound; inRound++, edit += 2) {
      const [mine, theirs] = [pick(ids), pick(ids)];
      await editInside(session, mine, `in${String(edit)}x`);
      want(mine, `in${String(edit)}x`);
      editOutside(files.get(theirs) ?? '', `out${String(edit)}x`);
      want(theirs, `out${String(edit)}x`);
    }
    await settle(session);
    if (edit % 1000 === 0) console.log(`${String(edit)} edits, ${String(conflicts)} conflicts`);
  }
  await settle(session);
  const lostInMemory = await missingInMemory(session, ids);
  stop.abort();
  await following;
  await sessions.closeAll();
  const { story } = await loadProject(createDiskSource(folder), { keepsTexts: true });
  const lostOnDisk = missingIn(new Map(Object.values(story.scenes).map(({ id, text }) => [id, text ?? ''])));
  console.log({ edits, scenes: files.size, conflicts, resolved, lostInMemory, lostOnDisk });
  process.exitCode = lostInMemory.length + lostOnDisk.length === 0 && conflicts > 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}

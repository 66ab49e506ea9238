import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessions } from '#electron/services/studio/sessions.ts';
import type { SceneId } from '#shared/story/ids.ts';
import { bigStory, bigStorySize, type StorySize } from '../support/bigStory.ts';
import { writeStory } from '../support/writeStory.ts';

/**
 * Stories on the disk, as ratios in one run: to one fsynced write of 4 KiB, and to one fsynced write of the same bytes
 * as the changed scene's file. `node test/bench/store.bench.ts [folder to work in]`.
 */
const rounds = 40;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function fsyncedWrite(path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, 'w');
  await file.write(bytes);
  await file.sync();
  await file.close();
}

async function measure(size: StorySize, root: string) {
  const folder = await writeStory(root, { ...bigStory(size), title: `Story of ${String(size.scenes)}` });
  const userDataFolder = join(root, 'data');
  const start = () => createSessions({ userDataFolder, autosave: false, watch: false });
  const openCold = await timed(async () => {
    const sessions = start();
    await sessions.open(folder);
    await sessions.closeAll();
  });

  const opens: number[] = [];
  for (let round = 0; round < 7; round++) {
    const sessions = start();
    opens.push(
      await timed(async () => {
        const { sessionId, story } = await sessions.open(folder);
        await sessions.get(sessionId).readTexts([Object.keys(story.scenes)[0] as SceneId]);
      }),
    );
    await sessions.closeAll();
  }

  const sessions = start();
  const session = sessions.get((await sessions.open(folder)).sessionId);
  const id = Object.keys(session.story.scenes)[7] as SceneId;
  await session.readTexts([id]);
  const scene = join(folder, 'scenes', String((await fs.readdir(join(folder, 'scenes')))[7]));
  const sameBytes = Buffer.alloc((await fs.stat(scene)).size, 120);
  const small = Buffer.alloc(4096, 120);
  const times = {
    fsync4k: [] as number[],
    sameBytes: [] as number[],
    journal: [] as number[],
    save: [] as number[],
  };
  for (let round = 0; round < rounds; round++) {
    times.fsync4k.push(await timed(() => fsyncedWrite(join(root, 'unit'), small)));
    times.sameBytes.push(await timed(() => fsyncedWrite(join(root, 'same'), sameBytes)));
    const edits = [{ at: 0, removed: '', inserted: 'x' }];
    times.journal.push(
      await timed(() => session.apply(session.revision, [{ kind: 'text.edit', id, edits }])),
    );
    times.save.push(await timed(() => session.save()));
  }
  await sessions.closeAll();
  const everything = Buffer.from(JSON.stringify(bigStory(size)));
  const oneJson = median(
    await Promise.all([0, 1, 2].map(() => timed(() => fsyncedWrite(join(root, 'all'), everything)))),
  );
  const readAll: number[] = [];
  for (let round = 0; round < 5; round++) {
    readAll.push(
      await timed(async () => {
        for (const name of await fs.readdir(join(folder, 'scenes')))
          await fs.readFile(join(folder, 'scenes', name));
      }),
    );
  }
  const unit = median(times.fsync4k);
  const same = median(times.sameBytes);
  return {
    scenes: size.scenes,
    words: size.words,
    'fsync of 4 KiB, ms': unit.toFixed(2),
    'journal append, × 4 KiB': (median(times.journal) / unit).toFixed(1),
    'autosave one scene, × 4 KiB': (median(times.save) / unit).toFixed(1),
    'autosave one scene, × same bytes': (median(times.save) / same).toFixed(1),
    'all as one JSON, × 4 KiB': (oneJson / unit).toFixed(1),
    'open to first scene, ms': median(opens).toFixed(0),
    'first opening, no index, ms': openCold.toFixed(0),
    'open, × reading every scene file': (median(opens) / median(readAll)).toFixed(2),
  };
}

const parent = process.argv[2] ?? tmpdir();
if (!existsSync(parent)) throw new Error(`No folder ${parent}`);
const root = mkdtempSync(join(parent, 'storyloom-bench-'));
try {
  const rows: Awaited<ReturnType<typeof measure>>[] = [];
  for (const share of [0.02, 0.2, 1]) {
    const { words, scenes, pictures, characters } = bigStorySize;
    rows.push(
      await measure(
        {
          words: words * share,
          scenes: scenes * share,
          pictures: pictures * share,
          characters: Math.ceil(characters * share),
        },
        root,
      ),
    );
  }
  const names = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  console.table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
} finally {
  rmSync(root, { recursive: true, force: true });
}

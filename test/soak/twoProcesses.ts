import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject } from '#electron/services/studio/project/createProject.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { createScene } from '#shared/story/create.ts';

/** What came of two processes that write one story in turns. */
export interface TwoProcessesReport {
  readonly saves: number;
  /** Saves whose number is missing in the end. */
  readonly lostUpdates: number;
  /** Openings that were told "open elsewhere". */
  readonly refused: number;
}

const counter = fileURLToPath(new URL('counterProcess.ts', import.meta.url));

function count(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [counter, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Number(output));
      else reject(new Error(`A process ended with ${String(code)}`));
    });
  });
}

/** Two processes, each adding one to the same scene and to a scene of its own, in turns; a save for every addition. */
export async function twoProcesses(turnsEach: number): Promise<TwoProcessesReport> {
  const root = mkdtempSync(join(tmpdir(), 'storyloom-two-'));
  try {
    const folder = await createProject(root, 'Counter', 'en');
    const userData = (name: string) => join(root, name);
    const sessions = createSessions({ userDataFolder: userData('a'), autosave: false, watch: false });
    const session = sessions.get((await sessions.open(folder)).sessionId);
    const scenes = ['shared', 'a', 'b'].map((title) => createScene({ lang: 'en', title, text: '0' }));
    for (const [index, scene] of scenes.entries()) {
      await session.apply(index, [{ kind: 'scene.add', scene, parentId: null, index }]);
    }
    await sessions.closeAll();
    const [shared, ...own] = scenes.map(({ id }) => id);
    const refused = await Promise.all(
      own.map((id, at) => count([userData(`w${String(at)}`), folder, shared ?? id, id, String(turnsEach)])),
    );
    const after = createSessions({ userDataFolder: userData('a'), autosave: false, watch: false });
    const last = after.get((await after.open(folder)).sessionId);
    const texts = await last.readTexts(scenes.map(({ id }) => id));
    const reached = Array.from(texts.values(), Number);
    await after.closeAll();
    const saves = turnsEach * 4;
    return {
      saves,
      lostUpdates: saves - reached.reduce((sum, one) => sum + one, 0),
      refused: refused.reduce((sum, one) => sum + one, 0),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await twoProcesses(Math.ceil(Number(process.argv[2] ?? 10_000) / 4));
  console.table(report);
  process.exitCode = report.lostUpdates === 0 && report.refused > 0 ? 0 : 1;
}

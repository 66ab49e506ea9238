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

/** Two processes of their own, each adding one `savesEach` times to the same scene. */
export async function twoProcesses(savesEach: number): Promise<TwoProcessesReport> {
  const root = mkdtempSync(join(tmpdir(), 'storyloom-two-'));
  try {
    const folder = await createProject(root, 'Counter', 'en');
    const userData = (name: string) => join(root, name);
    const sessions = createSessions({ userDataFolder: userData('a'), autosave: false, watch: false });
    const session = sessions.get((await sessions.open(folder)).sessionId);
    const scene = createScene({ lang: 'en', title: 'Counter', text: '0' });
    await session.apply(0, [{ kind: 'scene.add', scene, parentId: null, index: 0 }]);
    await sessions.closeAll();
    const refused = await Promise.all(
      ['a', 'b'].map((name) => count([userData(name), folder, scene.id, String(savesEach)])),
    );
    const after = createSessions({ userDataFolder: userData('a'), autosave: false, watch: false });
    const last = after.get((await after.open(folder)).sessionId);
    const reached = Number((await last.readTexts([scene.id])).get(scene.id));
    await after.closeAll();
    return {
      saves: savesEach * 2,
      lostUpdates: savesEach * 2 - reached,
      refused: refused.reduce((sum, one) => sum + one, 0),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await twoProcesses(Math.ceil(Number(process.argv[2] ?? 10_000) / 2));
  console.table(report);
  process.exitCode = report.lostUpdates === 0 && report.refused > 0 ? 0 : 1;
}

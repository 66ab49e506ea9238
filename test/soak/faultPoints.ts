import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProject } from '#electron/services/studio/project/createProject.ts';
import { loadProject } from '#electron/services/studio/project/loadProject.ts';
import { createDiskSource } from '#electron/services/studio/project/projectSource.ts';
import { createSessions } from '#electron/services/studio/sessions.ts';
import { createScene } from '#shared/story/create.ts';

/**
 * Puts every fault into every system call of one save, with `strace -e inject` (Linux): killed, EIO, ENOSPC, and writes
 * that claim less or more than they did. After each, the story must be whole, old or new, and new where it said so.
 */
const calls = [
  'openat',
  'read',
  'pread64',
  'write',
  'pwrite64',
  'fsync',
  'fdatasync',
  'rename',
  'close',
  'unlink',
];
const faults = ['signal=KILL', 'error=EIO', 'error=ENOSPC', 'retval=10'];
const oldText = 'Old words. '.repeat(400);
const newText = 'New words. '.repeat(500);
const child = fileURLToPath(new URL('saveOnce.ts', import.meta.url));

async function makeStory(root: string): Promise<{ folder: string; scene: string }> {
  const folder = await createProject(root, 'Story', 'en');
  const sessions = createSessions({ userDataFolder: join(root, 'data'), autosave: false, watch: false });
  const { sessionId } = await sessions.open(folder);
  const session = sessions.get(sessionId);
  const scene = createScene({ lang: 'en', title: 'One', text: oldText });
  await session.apply(0, [{ kind: 'scene.add', scene, parentId: null, index: 0 }]);
  await sessions.closeAll();
  const [name = ''] = readdirSync(join(folder, 'scenes'));
  return { folder, scene: join(folder, 'scenes', name) };
}

interface Point {
  readonly call: string;
  readonly at: number;
  readonly fault: string;
}

async function tryPoint({ call, at, fault }: Point): Promise<'not reached' | 'fine' | string> {
  const root = mkdtempSync(join(tmpdir(), 'storyloom-fault-'));
  try {
    const { folder, scene } = await makeStory(root);
    const trace = join(root, 'trace');
    const temporary = (path: string) => path.replace(/([^/]+)$/, '.$1.faultpt0.storyloom-tmp');
    const manifest = join(folder, 'story.json');
    const paths = [folder, join(folder, 'scenes'), scene, temporary(scene), manifest, temporary(manifest)];
    const { stdout } = spawnSync(
      'strace',
      [
        ...['-f', '-qq', '-o', trace],
        ...paths.flatMap((path) => ['-P', path]),
        ...['-e', `trace=${call}`, '-e', `inject=${call}:${fault}:when=${String(at)}`],
        ...[process.execPath, child, folder, newText],
      ],
      { encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
    );
    const traced = readFileSync(trace, 'utf8');
    if (!traced.includes('INJECTED') && !traced.includes('killed by SIGKILL')) return 'not reached';
    const { story, damaged } = await loadProject(createDiskSource(folder), { keepsTexts: true });
    const text = Object.values(story.scenes)[0]?.text;
    if (damaged.size > 0 || (text !== oldText && text !== newText))
      return `DAMAGED (child said ${stdout.trim()})`;
    if (stdout.includes('SAVED') && text !== newText) return 'SAID SAVED, IS OLD';
    const left = ['', 'scenes'].flatMap((part) =>
      readdirSync(join(folder, part)).filter((name) => name.endsWith('-tmp')),
    );
    const mayLeave = fault === 'signal=KILL' || call === 'unlink';
    if (left.length > 0 && !mayLeave) return `LEFT ${left.join()} (child said ${stdout.trim()})`;
    return 'fine';
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (spawnSync('strace', ['-V']).status !== 0) throw new Error('strace is needed for this');
const most = Number(process.argv[2] ?? 100);
let points = 0;
let bad = 0;
for (const call of calls) {
  for (const fault of faults) {
    if (fault.startsWith('retval') && !['write', 'pwrite64'].includes(call)) continue;
    if (call === 'close' && fault.startsWith('error')) continue;
    for (let at = 1; at <= most; at++) {
      const result = await tryPoint({ call, at, fault });
      if (result === 'not reached') break;
      points += 1;
      if (result !== 'fine') {
        bad += 1;
        console.log(`${call} #${String(at)} ${fault}: ${result}`);
      }
    }
  }
}
console.log(`${String(points)} fault points, ${String(bad)} bad`);
process.exitCode = bad === 0 && points > 0 ? 0 : 1;

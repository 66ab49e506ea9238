// `npm start`, `npm run serve` and `npm run dev`, for any Node from 20 on: builds what is stale, then opens the desktop
// app, or serves the studio to the browser where there is no Electron or no display.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeName = process.platform === 'win32' ? 'node.exe' : 'node';
const pinnedNode = join(root, 'node_modules', 'node', 'bin', nodeName);
/** The Node that runs TypeScript as it is. */
const node = existsSync(pinnedNode) ? pinnedNode : process.execPath;

/** Electron's sandbox cannot run as root, as in containers. */
const asRoot = process.platform === 'linux' && process.getuid() === 0;
const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
const config = ['--config', 'electron/electron.vite.config.ts'];

const command = ['serve', 'dev'].find((name) => name === process.argv[2]) ?? 'start';
const args = process.argv.slice(command === 'start' ? 2 : 3);

/** The time of the latest change below a folder, or of a file. */
function changedAt(path) {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) return 0;
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

function buildIfStale() {
  const built = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];
  const sources = ['electron', 'models', 'renderer', 'shared', 'package.json'];
  const builtAt = Math.min(...built.map((path) => changedAt(join(root, path))));
  if (builtAt > Math.max(...sources.map((path) => changedAt(join(root, path))))) return;
  console.log('Building …');
  const build = spawnSync(node, [electronVite, 'build', ...config, '--logLevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

/** Puts the built-in models in place where they are missing; without a network the studio works all the same. */
function installModels() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (!scripts.models) return;
  const [, ...script] = scripts.models.split(' ');
  const installed = spawnSync(node, script, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  if (installed.status === 0) return;
  // Without an error of its own the process has run, and has said why it ended.
  const told = installed.error ? installed.error.message : installed.stderr;
  const [reason = 'unknown'] = told.trim().split('\n').slice(-1);
  console.log(
    `The built-in models could not be fetched (${reason}); install them later from the Models page.`,
  );
}

/** The Electron to run, or why there is none. */
function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { missing: 'there is no display' };
  }
  const require = createRequire(join(root, 'package.json'));
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const name = names[process.platform] ?? 'electron';
  const installer = require.resolve('electron/install.js');
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(installer, '..', 'dist');
  const binary = join(folder, name);
  if (existsSync(binary)) return { binary };
  console.log('Fetching Electron …');
  spawnSync(node, [installer], { cwd: root, stdio: 'ignore', timeout: 10 * 60_000 });
  return existsSync(binary) ? { binary } : { missing: 'Electron could not be fetched' };
}

function run(binary, args, env = process.env) {
  const child = spawn(binary, args, { cwd: root, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** What the desktop app was asked to do, as the server understands it. */
const serverArgs = args.map((arg) => arg.replace(/^--user-data-dir=/, '--data-folder='));
const serve = () => run(node, [join(root, 'electron', 'hosts', 'nodeHost.ts'), ...serverArgs]);

if (command === 'serve') {
  buildIfStale();
  process.exitCode = await serve();
} else if (command === 'dev') {
  const { binary, missing } = findElectron();
  if (!binary) throw new Error(`Nothing to develop with: ${missing}`);
  const dev = [electronVite, 'dev', ...config, ...(asRoot ? ['--noSandbox'] : []), '--', ...args];
  process.exitCode = await run(node, dev, { ...process.env, ELECTRON_EXEC_PATH: binary });
} else {
  buildIfStale();
  installModels();
  const { binary, missing } = findElectron();
  if (binary) {
    process.exitCode = await run(binary, ['.', ...(asRoot ? ['--no-sandbox'] : []), ...args]);
  } else {
    console.log(`The desktop app cannot open: ${missing}. Serving the studio to your browser instead.`);
    process.exitCode = await serve();
  }
}

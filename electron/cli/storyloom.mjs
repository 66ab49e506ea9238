#!/usr/bin/env node
// The `storyloom` command for any Node from 20 on: TypeScript runs as it is on Node 24, so that an older one hands over
// to the Node that this project brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const main = fileURLToPath(new URL('./storyloom.ts', import.meta.url));

/** The binary of the `node` package, where it is installed. */
function pinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  await import(main);
} else {
  const binary = pinnedNode();
  if (binary === null) {
    console.error(`storyloom needs Node ${neededMajor} or newer; this is Node ${process.versions.node}.`);
    console.error('Run "npm install" in the Storyloom folder, or install a newer Node.');
    process.exitCode = 2;
  } else {
    const child = spawn(binary, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
    // Ctrl-C reaches the child as well; it decides what to keep and when to end.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
    });
  }
}

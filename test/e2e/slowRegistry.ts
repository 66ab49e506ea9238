import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalog } from '#models/catalog/catalog.ts';
import { tarballOf } from '../support/npmRegistry.ts';

const stepBytes = 64 * 1024;
const stepMs = 100;
const tarballBytes = 16 * 1024 * 1024;

/** A registry on loopback whose tarballs never end, and what it was asked for. */
export interface SlowRegistry extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly string[];
  /** From now on it answers that nothing is there. */
  forget(): void;
}

/** Starts a registry that offers the catalogue's packages and sends them too slowly to arrive within a test. */
export async function startSlowRegistry(): Promise<SlowRegistry> {
  const asked: string[] = [];
  const tarball = tarballOf({ 'data.bin': new Uint8Array(tarballBytes) });
  let forgotten = false;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    asked.push(path);
    const [name = ''] = path.split('/-/');
    const source = catalog
      .map((manifest) => manifest.source)
      .find((one) => one.kind === 'npm' && one.package === name);
    if (forgotten || source?.kind !== 'npm') {
      response.writeHead(404).end('{}');
    } else if (path.endsWith('.tgz')) {
      let sent = 0;
      const send = () => {
        response.write(tarball.subarray(sent, sent + stepBytes));
        sent += stepBytes;
      };
      const timer = setInterval(send, stepMs);
      response.on('close', () => clearInterval(timer));
    } else {
      const { version, integrity } = source;
      const dist = { tarball: `${url()}${name}/-/${name}-${version}.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, versions: { [version]: { name, version, dist } } }));
    }
  });
  const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    asked,
    forget: () => {
      forgotten = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

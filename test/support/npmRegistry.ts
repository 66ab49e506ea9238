import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** A gzipped npm tarball with these files. */
export function tarballOf(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    new Header({ path: `package/${name}`, size: bytes.length, mode: 0o644, type: 'File' }).encode(header, 0);
    return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 0 });
}

export const integrityOf = (bytes: Uint8Array): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A registry on loopback with one package; `send` decides how its tarball is delivered. */
export async function startRegistry(
  name: string,
  integrity: string,
  send: (response: ServerResponse) => void,
) {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) {
      send(response);
      return;
    }
    const tarball = `${url()}${name}/-/${name}-1.0.0.tgz`;
    const version = { name, version: '1.0.0', dist: { tarball, integrity } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }));
  });
  const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

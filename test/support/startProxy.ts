import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Hosts that somebody asked to be led to. */
  readonly asked: readonly string[];
  /** Bytes that came back through it. */
  readonly bytes: number;
}

/** A proxy on this machine that leads anywhere, or refuses with a status. */
export async function startProxy(refusal?: number): Promise<Proxy> {
  const asked: string[] = [];
  let bytes = 0;
  const server = createServer((request, response) => {
    asked.push(request.headers.host ?? '');
    response.writeHead(refusal ?? 501).end();
  });
  server.on('connect', (request, client) => {
    const host = request.url ?? '';
    asked.push(host);
    client.on('error', () => undefined);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${String(refusal)} Refused\r\n\r\n`);
      return;
    }
    const [name = '', port = '443'] = host.split(':');
    const upstream = connect(Number(port), name, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    get bytes() {
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

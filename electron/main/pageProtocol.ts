import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { net, protocol } from 'electron';
import { type Answer, createAnswerer, textAnswer } from '../services/server/answer.ts';
import type { Assets } from '../services/server/assets.ts';
import { securityHeaders } from '../services/server/contentPolicy.ts';
import type { ImagesService } from '../services/studio/images/createImagesService.ts';
import { pageOrigin, pageScheme } from './origin.ts';

/** Must be called before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

async function toResponse({ status, headers, content }: Answer): Promise<Response> {
  if ('text' in content) return new Response(content.text, { status, headers });
  const facts = await stat(content.file).catch(() => null);
  if (!facts?.isFile()) return toResponse(textAnswer(404, 'Not found'));
  const body = Readable.toWeb(createReadStream(content.file)) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(body, { status, headers: { ...headers, 'content-length': String(facts.size) } });
}

/** Vite's own scripts are inline and talk to its socket: while developing, and only then, the policy lets them. */
async function fromDevServer(server: string, path: string, query: string): Promise<Response> {
  const { host } = new URL(server);
  const answer = await net.fetch(`${server}${path}${query}`);
  const headers = new Headers({ ...securityHeaders, 'cache-control': 'no-store' });
  headers.set('content-type', answer.headers.get('content-type') ?? 'text/plain');
  headers.set(
    'content-security-policy',
    `default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; connect-src 'self' ws://${host}`,
  );
  return new Response(answer.body, { status: answer.status, headers });
}

/** Serves `app://studio`: the built page (or the development server), pictures, uploads, and nothing else. */
export function servePages(assets: () => Assets, images: ImagesService, devServer: string | null): void {
  const answer = createAnswerer(assets, images);
  protocol.handle(pageScheme, async (request) => {
    const [, path = '/', query = ''] = /^app:\/\/studio(\/[^?#]*)(\?[^#]*)?/.exec(request.url) ?? [];
    if (!request.url.startsWith(`${pageOrigin}/`)) return toResponse(textAnswer(404, 'Not found'));
    if (devServer && !path.startsWith('/images/') && path !== '/uploads') {
      return fromDevServer(devServer, path, query);
    }
    const body = request.body as AsyncIterable<Uint8Array> | null;
    return toResponse(await answer({ method: request.method, path, body }));
  });
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="500"><rect width="800" height="500" fill="#35607f"/><circle cx="560" cy="180" r="90" fill="#f2d49b"/></svg>`;

/** Serves the editor's bench page from the sources. Returns its address; close it when done. */
export async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const server = await createServer({
    root: new URL('../../..', import.meta.url).pathname,
    configFile: false,
    logLevel: 'error',
    cacheDir: join(tmpdir(), 'storyloom-bench-vite'),
    optimizeDeps: { entries: ['test/bench/typing/index.html'] },
    server: { host: '127.0.0.1', port: 0, hmr: false },
    plugins: [
      react(),
      {
        name: 'bench-pictures',
        configureServer({ middlewares }) {
          middlewares.use('/images', (_request, response) => {
            response.setHeader('Content-Type', 'image/svg+xml');
            response.end(picture);
          });
        },
      },
    ],
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('The page has no port');
  return {
    url: `http://127.0.0.1:${address.port}/test/bench/typing/index.html`,
    close: () => server.close(),
  };
}

import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Hundreds of small files take longer to find than to run: pure JavaScript goes into the bundle. */
const bundled = [
  '@orpc/client',
  '@orpc/contract',
  '@orpc/server',
  '@orpc/standard-server-peer',
  'chokidar',
  'mdast-util-from-markdown',
  'mdast-util-to-string',
  'yaml',
  'zod',
];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: { exclude: bundled },
      rolldownOptions: {
        input: {
          index: 'electron/main/index.ts',
          engineHost: 'electron/hosts/engineHost.ts',
          imagingHost: 'electron/hosts/imagingHost.ts',
          deviceProbeHost: 'electron/hosts/deviceProbeHost.ts',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: 'electron/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    server: {
      host: '127.0.0.1',
      port: 5173,
      strictPort: true,
      hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: 5173 },
    },
    build: {
      outDir: 'out/renderer',
      minify: true,
      rolldownOptions: { input: join(import.meta.dirname, '../renderer/index.html') },
    },
  },
});

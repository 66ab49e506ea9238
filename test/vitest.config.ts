import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, environment: 'node' | 'happy-dom' = 'node') => ({
  extends: true as const,
  test: { name, environment, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout, hookTimeout: 60_000 },
});

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      project('unit', 10_000),
      project('component', 20_000, 'happy-dom'),
      project('contract', 30_000),
      project('integration', 120_000),
    ],
  },
});

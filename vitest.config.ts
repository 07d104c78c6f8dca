import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    include: ['test/**/*.test.ts'],
    // Most tests wait for servers, threads and locks rather than for a processor.
    maxWorkers: 3,
    // Nothing in src keeps state of a process, so that files may share what they import.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

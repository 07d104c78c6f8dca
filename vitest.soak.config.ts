import { defineConfig } from 'vitest/config';

/** What kills, stops and starts whole processes and servers: too slow for the suite, and run by CI after it. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    include: ['test/**/*.soak.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

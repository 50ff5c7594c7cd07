import { defineConfig } from 'vitest/config';
import { root } from './install.mjs';

/** One real VS Code at a time: two would starve each other on two cores. */
export default defineConfig({
  root,
  test: {
    include: ['test/e2e/**/*.e2e.mjs'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});

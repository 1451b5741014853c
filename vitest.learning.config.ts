import { defineConfig } from 'vitest/config';

/** Each demo trained by its own settings, from several seeds: minutes a run, one after another, on all cores. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { include: ['test/learning/**/*.test.ts'], testTimeout: 1_800_000, maxWorkers: 1, fileParallelism: false },
});

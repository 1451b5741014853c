import { defineConfig } from 'vitest/config';

/** Each demo trained until it reaches its return, from several seeds: minutes, one after another, on all cores. */
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { include: ['test/learning/**/*.test.ts'], testTimeout: 600_000, maxWorkers: 1, fileParallelism: false },
});

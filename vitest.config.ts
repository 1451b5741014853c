import { defineConfig } from 'vitest/config';
import { settingsModule } from './scripts/settings.ts';

export default defineConfig({
  plugins: [settingsModule()],
  resolve: { tsconfigPaths: true }, // "babylon-agents" is the sources here
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/learning/**'],
    globalSetup: 'test/install-chromium.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    server: { deps: { inline: [/@tensorflow/] } }, // its ES modules need a bundler's resolution
  },
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { readTrainingRecord } from './plugin/policy/policy-file.ts';
import { settingsModule } from './scripts/settings.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** With these two, browsers let a page share memory with its workers (it is "cross-origin isolated"). */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Turns `mine.safetensors?record` into what training reached with that policy, so that the gallery need not fetch it. */
function trainingRecords(): Plugin {
  return {
    name: 'training-records',
    load: {
      filter: { id: /\.safetensors\?record$/ },
      handler(id) {
        const file = id.replace(/\?record$/, '');
        this.addWatchFile(file);
        return `export const record = ${JSON.stringify(readTrainingRecord(readFileSync(file), file))};`;
      },
    },
  };
}

/** Tells the page whether the documentation is beside it: in a build, but not on the development server. */
function documentation(): Plugin {
  return {
    name: 'documentation',
    config: (_, { command }) => ({ define: { HAS_DOCUMENTATION: command === 'build' } }),
  };
}

export default defineConfig({
  root: path('./demo-scenes'),
  base: './', // the build may lie in any folder of a server
  plugins: [trainingRecords(), settingsModule(), documentation()],
  resolve: { tsconfigPaths: true }, // "babylon-agents" is the sources here
  build: {
    outDir: path('./dist'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'], // the first with light-dark(): lowered, it follows the system alone
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: 'es' },
  server: { headers: ISOLATION, fs: { allow: [path('.')] } },
  preview: { headers: ISOLATION },
  optimizeDeps: {
    // A dependency found late reloads the page, so the scan begins at the worker as well.
    entries: [path('./demo-scenes/index.html'), path('./demo-scenes/worker.ts')],
    exclude: ['@babylonjs/havok'], // it finds its WebAssembly file beside itself
  },
});

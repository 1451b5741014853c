// snippet: vite
import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const pages = readdirSync('.').filter((name) => name.endsWith('.html'));

export default defineConfig({
  build: { target: 'es2022', rolldownOptions: { input: pages } },
  worker: { format: 'es' }, // workers load their parts on demand
  optimizeDeps: {
    entries: [...pages, 'src/worker.ts'], // otherwise `npx vite` finds them late and reloads the page
    exclude: ['@babylonjs/havok'], // it finds its WebAssembly file beside itself
  },
  server: { headers }, // optional: lets workers share memory
  preview: { headers },
});
// snippet end

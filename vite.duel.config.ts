import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The duel alone, as a game is built that ships trained policies: `npm run build:duel`. */
export default defineConfig({
  root: path('./demo-scenes/duel'),
  base: './', // the build may lie in any folder of a server
  build: { outDir: path('./dist/duel'), emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 2000 },
  server: { fs: { allow: [path('.')] } },
  optimizeDeps: { exclude: ['@babylonjs/havok'] }, // it finds its WebAssembly file beside itself
});

import { defineConfig } from 'vite';

export default defineConfig({
  optimizeDeps: { exclude: ['@babylonjs/havok'] }, // it finds its WebAssembly file beside itself
  build: { chunkSizeWarningLimit: 4000 }, // kB
});

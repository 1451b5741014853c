// snippet: vite
import { defineConfig } from 'vite';

export default defineConfig({
  optimizeDeps: { exclude: ['@babylonjs/havok'] },
  worker: { format: 'es' },
  build: { target: 'es2023' },
});
// snippet end

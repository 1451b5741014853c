// snippet: rollup
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';

export default {
  input: ['src/main.ts', 'src/train.ts', 'src/worker.ts'], // the worker is a separate entry: dist/worker.js
  output: { dir: 'dist', format: 'es' },
  plugins: [resolve({ browser: true }), commonjs(), esbuild({ target: 'es2022' })],
};
// snippet end

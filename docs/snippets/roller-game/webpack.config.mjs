// snippet: webpack
export default {
  mode: 'production',
  entry: { main: './src/main.ts', train: './src/train.ts' },
  module: { rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2022' } }] },
};
// snippet end

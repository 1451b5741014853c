// snippet: map
self.importMap = {
  imports: {
    'babylon-agents': '/node_modules/babylon-agents/lib/plugin/index.js',
    'babylon-agents/training': '/node_modules/babylon-agents/lib/plugin/training.js',
    'babylon-agents/worker': '/node_modules/babylon-agents/lib/workers/index.js',
    '@babylonjs/core/': '/node_modules/@babylonjs/core/',
    '@babylonjs/havok': '/node_modules/@babylonjs/havok/lib/esm/HavokPhysics_es.js',
    comlink: '/node_modules/comlink/dist/esm/comlink.mjs',
    'comlink/': '/node_modules/comlink/',
    valibot: '/node_modules/valibot/dist/index.mjs',
  },
};

if (self.document) {
  const script = Object.assign(document.createElement('script'), { type: 'importmap' });
  script.textContent = JSON.stringify(self.importMap);
  document.currentScript.after(script);
}
// snippet end

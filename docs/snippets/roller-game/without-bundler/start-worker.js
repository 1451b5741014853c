// snippet: start
// A classic worker: modules in workers know no import map, es-module-shims brings one.
importScripts('/node_modules/es-module-shims/dist/es-module-shims.wasm.js', 'import-map.js');
importShim.addImportMap(self.importMap);

const early = []; // what the page asks before the module listens
const keep = (event) => early.push(event);
addEventListener('message', keep);
importShim(new URL('worker.js', location.href).href).then(
  () => {
    removeEventListener('message', keep);
    for (const { data, ports } of early) dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
  },
  (error) =>
    setTimeout(() => {
      throw error;
    }),
);
// snippet end

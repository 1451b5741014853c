type Global =
  | 'fetch'
  | 'XMLHttpRequest'
  | 'OffscreenCanvas'
  | 'createImageBitmap'
  | 'ImageData'
  | 'setTimeout'
  | 'setInterval'
  | 'clearTimeout'
  | 'clearInterval'
  | 'Date';

/**
 * Puts something in the place of one of the thread's globals. Returns how to put back what was there, be it nothing; what
 * somebody else has put there since stays, so what stood in must then do as what was there did.
 */
export function replaceGlobal<K extends Global>(name: K, value: (typeof globalThis)[K]): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    if (globalThis[name] !== value) return;
    if (before) Object.defineProperty(globalThis, name, before);
    else delete (globalThis as Partial<typeof globalThis>)[name];
  };
}

/** Whether threads can see memory of each other without a copy: always in Node, in a page when it is cross-origin isolated. */
export function memoryIsShared(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && (globalThis.crossOriginIsolated ?? true);
}

/** Calls back when the page is hidden, which may be its last event; does nothing without a page. */
export function onHidden(listener: () => void): () => void {
  const { document } = globalThis;
  if (!document) return () => {};
  const listen = () => document.visibilityState === 'hidden' && listener();
  document.addEventListener('visibilitychange', listen);
  return () => document.removeEventListener('visibilitychange', listen);
}

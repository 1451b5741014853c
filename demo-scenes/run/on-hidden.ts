/** Calls back when the page goes out of sight, which may be the last that it hears; does nothing where there is no page. */
export function onHidden(listener: () => void): () => void {
  const { document } = globalThis;
  if (!document) return () => {};
  const listen = () => document.visibilityState === 'hidden' && listener();
  document.addEventListener('visibilitychange', listen);
  return () => document.removeEventListener('visibilitychange', listen);
}

import type { Files } from './browser-store.ts';

/** Opens a store in IndexedDB, where every write is a transaction; throws if the browser does not allow it. */
export async function openDatabase(name: string): Promise<Files> {
  const { createStore, del, get, set } = await import('idb-keyval');
  const store = createStore('babylon-agents', 'runs');
  const key = (file: string) => `${name}/${file}`;
  await get<Uint8Array>(key(''), store); // fails now if it cannot be used
  return {
    place: `IndexedDB runs/${name}`,
    read: (file) => get<Uint8Array>(key(file), store),
    write: (file, bytes) => set(key(file), bytes, store),
    remove: (file) => del(key(file), store),
  };
}

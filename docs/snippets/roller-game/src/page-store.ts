// snippet: store
import type { RunStore } from 'babylon-agents/training';

/** A run's files in the browser's private file system. */
export async function openPageStore(folder: string): Promise<RunStore> {
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle(folder, { create: true });
  return {
    async read(name) {
      const handle = await directory.getFileHandle(name).catch(() => undefined); // not saved yet
      return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
    },
    async write(name, bytes) {
      const file = await (await directory.getFileHandle(name, { create: true })).createWritable();
      await file.write(bytes.slice()); // a copy outside of shared memory
      await file.close(); // replaces the old file only now
    },
    locate: (name) => `${folder}/${name}`,
  };
}
// snippet end

import type { Files } from './browser-store.ts';

/** Opens a folder in the page's private file system; throws if there is none, or if pages can only read it. */
export async function openFolder(name: string): Promise<Files> {
  if (typeof FileSystemFileHandle === 'undefined' || !('createWritable' in FileSystemFileHandle.prototype))
    throw new Error('This browser has no writable private file system.');
  const root = await navigator.storage.getDirectory();
  const runs = await root.getDirectoryHandle('runs', { create: true });
  const folder = await runs.getDirectoryHandle(name, { create: true });
  return {
    place: `runs/${name}`,
    read: (file) => readFile(folder, file),
    write: (file, bytes) => writeFile(folder, file, bytes),
    remove: (file) => absentIsFine(folder.removeEntry(file)),
  };
}

async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array | undefined> {
  const handle = await absentIsFine(folder.getFileHandle(name));
  const file = await handle?.getFile();
  // A file must be created before it can be written, so an empty one is a first write that did not finish.
  return file && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : undefined;
}

/** A writable stream writes to a copy, which replaces the file only when the stream is closed. */
async function writeFile(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  try {
    await stream.truncate(bytes.length); // reports if that is too much, while write() may blame a broken pipe
    await stream.write(bytes as Uint8Array<ArrayBuffer>);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => {}); // the first error is more useful
    throw error;
  }
}

async function absentIsFine<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

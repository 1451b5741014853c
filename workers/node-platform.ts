import { NO_SERVER } from './page-addresses.ts';
import { createPixelImage, PixelCanvas, PixelData } from './pixels.ts';
import { replaceGlobal } from './replace-global.ts';

let holders = 0;
let undo: readonly (() => void)[] = [];
/** the fetch() that it gives, whatever somebody has put around it since */
let fetchHere = globalThis.fetch;

/**
 * Gives Node, until what it returns is called, what it lacks of a browser's worker to make a scene: fetch() of `file:`
 * addresses, XMLHttpRequest, pixels of images, and a canvas to write labels on, which nobody sees. Does nothing anywhere else.
 */
export function holdNodePlatform(): () => void {
  if (typeof process === 'undefined' || !process.getBuiltinModule) return () => {};
  if (holders++ === 0) undo = install();
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    if (--holders === 0) for (const one of undo) one();
  };
}

/** Whether somebody holds it: never anywhere but in Node. */
export function isPlatformHeld(): boolean {
  return holders > 0;
}

function install(): (() => void)[] {
  const { fetch: fetchFromNet } = globalThis;
  fetchHere = (input, init) => {
    if (holders === 0) return fetchFromNet(input, init); // somebody has kept it
    const address = input instanceof Request ? input.url : locate(String(input));
    if (address.startsWith('file:')) return readFile(address);
    return fetchFromNet(input instanceof Request ? input : address, init);
  };
  const undone = [replaceGlobal('fetch', fetchHere)];
  if (!('XMLHttpRequest' in globalThis))
    undone.push(replaceGlobal('XMLHttpRequest', FetchedRequest as unknown as typeof XMLHttpRequest));
  if (!('OffscreenCanvas' in globalThis))
    undone.push(replaceGlobal('OffscreenCanvas', PixelCanvas as unknown as typeof OffscreenCanvas));
  if (!('createImageBitmap' in globalThis))
    undone.push(replaceGlobal('createImageBitmap', createPixelImage as unknown as typeof createImageBitmap));
  if (!('ImageData' in globalThis)) undone.push(replaceGlobal('ImageData', PixelData as unknown as typeof ImageData));
  return undone;
}

/** Media types that somebody asks for: WebAssembly is compiled while it streams in only when it is called so. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  wasm: 'application/wasm',
  glb: 'model/gltf-binary',
  gltf: 'model/gltf+json',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
};

/** Addresses without a scheme belong to a page's server: its files lie in the project's `public` folder, as Vite has it, or beside its page. */
function locate(asked: string): string {
  const address = asked.startsWith(NO_SERVER) ? asked.slice(NO_SERVER.length) : asked;
  if (/^[a-z][a-z\d+.-]*:/i.test(address)) return address;
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const { join } = process.getBuiltinModule('node:path');
  const { existsSync } = process.getBuiltinModule('node:fs');
  const [inPublic, beside] = ['public', '.'].map(
    (folder) => new URL(address.replace(/^\/+/, ''), pathToFileURL(join(process.cwd(), folder, '/'))),
  );
  const isThere = (url: URL) => existsSync(new URL(url.pathname, 'file://'));
  if (address !== asked && !isThere(inPublic) && !isThere(beside)) return asked; // there may be a server
  return (!isThere(inPublic) && isThere(beside) ? beside : inPublic).href;
}

async function readFile(address: string): Promise<Response> {
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  const { readFile: read } = process.getBuiltinModule('node:fs/promises');
  const url = new URL(address);
  url.search = url.hash = '';
  try {
    const type = MEDIA_TYPES[url.pathname.split('.').pop() ?? ''] ?? 'application/octet-stream';
    return new Response(await read(fileURLToPath(url)), { headers: { 'content-type': type } });
  } catch (error) {
    return new Response(null, { status: 404, statusText: error instanceof Error ? error.message : String(error) });
  }
}

/** As much of an XMLHttpRequest as Babylon's loaders call, over fetch(). */
class FetchedRequest extends EventTarget {
  static readonly UNSENT = 0;
  static readonly OPENED = 1;
  static readonly HEADERS_RECEIVED = 2;
  static readonly LOADING = 3;
  static readonly DONE = 4;
  readyState = FetchedRequest.UNSENT;
  status = 0;
  statusText = '';
  responseType: XMLHttpRequestResponseType = '';
  responseURL = '';
  response: unknown = null;
  responseText = '';
  timeout = 0;
  onload: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onprogress: ((event: Event) => void) | null = null;
  onreadystatechange: ((event: Event) => void) | null = null;
  #method = 'GET';
  #headers = new Headers();
  #aborter = new AbortController();
  #answer: Headers | undefined;

  open(method: string, url: string): void {
    this.#method = method;
    this.#headers = new Headers();
    this.#aborter = new AbortController();
    this.responseURL = locate(url);
    this.#enter(FetchedRequest.OPENED);
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.#answer?.get(name) ?? null;
  }

  send(body: BodyInit | null = null): void {
    void this.#load(body);
  }

  abort(): void {
    this.#aborter.abort();
  }

  async #load(body: BodyInit | null): Promise<void> {
    const { signal } = this.#aborter;
    try {
      const answer = await fetchHere(this.responseURL, { method: this.#method, headers: this.#headers, body, signal });
      const bytes = await answer.arrayBuffer();
      this.status = answer.status;
      this.statusText = answer.statusText;
      this.#answer = answer.headers;
      this.#take(bytes);
    } catch (error) {
      this.statusText = error instanceof Error ? error.message : String(error);
    }
    this.#enter(FetchedRequest.DONE);
    this.#tell(this.status === 0 ? 'error' : 'load');
    this.#tell('loadend');
  }

  #take(bytes: ArrayBuffer): void {
    if (this.responseType === 'arraybuffer') this.response = bytes;
    else if (this.responseType === 'blob') this.response = new Blob([bytes]);
    else {
      this.responseText = new TextDecoder().decode(bytes);
      this.response = this.responseType === 'json' ? JSON.parse(this.responseText) : this.responseText;
    }
  }

  #enter(state: number): void {
    this.readyState = state;
    this.#tell('readystatechange');
  }

  #tell(type: 'readystatechange' | 'load' | 'error' | 'loadend'): void {
    const event = new Event(type);
    this.dispatchEvent(event);
    if (type === 'readystatechange') this.onreadystatechange?.(event);
    if (type === 'load') this.onload?.(event);
    if (type === 'error') this.onerror?.(event);
  }
}

// Comlink ships the types of this file under a name that its `.mjs` does not resolve to.
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';

  /** Makes a worker or a port of Node's worker_threads look like a page's. */
  export default function nodeEndpoint(port: {
    postMessage(message: never, transfer?: never): void;
    on(type: string, listener: (...args: never[]) => void): unknown;
    off(type: string, listener: (...args: never[]) => void): unknown;
  }): Endpoint;
}

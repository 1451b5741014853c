// Comlink ships the types of this file under a name that its `.mjs` does not resolve to.
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';

  /** Gives a worker or port of Node's worker_threads the interface of a page's. */
  export default function nodeEndpoint(port: {
    postMessage(message: never, transfer?: never): void;
    on(type: string, listener: (...args: never[]) => void): unknown;
    off(type: string, listener: (...args: never[]) => void): unknown;
  }): Endpoint;
}

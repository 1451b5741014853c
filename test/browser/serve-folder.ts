import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Site } from './site.ts';

/** Browsers refuse modules of another type. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface ServeOptions {
  /** whether it answers with the headers for shared memory; else it sends none of its own */
  readonly isolated?: boolean;
  /** the folder of the server that it stands for, between two slashes */
  readonly at?: string;
}

/** A folder as a plain static server has it. */
export async function serveFolder(root: string, { isolated = false, at = '/' }: ServeOptions = {}): Promise<Site> {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const name = path.endsWith('/') ? `${path}index.html` : path;
    try {
      if (!name.startsWith(at)) throw new Error(`Nothing lies outside ${at}.`);
      const content = await readFile(join(root, name.slice(at.length)));
      const type = TYPES[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...(isolated && ISOLATION) }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispose = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${at}`, dispose };
}

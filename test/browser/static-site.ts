import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';
import config from '../../vite.config.ts';
import type { Site } from './site.ts';

/** Browsers refuse modules of another type. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** `npm run build`, as a plain static server has it: in some folder, without a header of its own. */
export async function serveStatic(folder = '/demos/agents/'): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), 'babylon-agents-'));
  await build({ ...config, configFile: false, logLevel: 'warn', build: { ...config.build, outDir } });
  const server = createServer(({ url = '/' }, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    try {
      if (!path.startsWith(folder)) throw new Error(`Nothing lies outside ${folder}.`);
      const name = path.slice(folder.length) || 'index.html';
      const content = readFileSync(join(outDir, name));
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispose = async () => {
    server.close();
    server.closeAllConnections();
    rmSync(outDir, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`, dispose };
}

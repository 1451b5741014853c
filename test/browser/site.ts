import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { build, createServer, type InlineConfig, preview } from 'vite';
import config from '../../vite.config.ts';

/** The repository's own configuration, quiet, and deaf to files that change during the test. */
const QUIET: InlineConfig = { ...config, configFile: false, logLevel: 'warn', mode: 'development' };

/** Pages that a browser can open, served by this process. */
export interface Site {
  readonly url: string;
  dispose(): Promise<void>;
}

export interface DevelopmentOptions {
  /** folder of index.html; the demo page when it is left out */
  readonly root?: string;
  /** whether pages are cross-origin isolated, as the repository's configuration has it */
  readonly isolated?: boolean;
  /** files whose dependencies are wanted besides those of the demo page and of workers in `root` */
  readonly entries?: readonly string[];
}

/** `npm start`, on a port of its own. Servers run side by side, so each bundles its dependencies into another folder. */
export async function serveSources({
  root = config.root!,
  isolated = true,
  entries: more = [],
}: DevelopmentOptions = {}): Promise<Site> {
  const { headers = {}, ...serving } = config.server ?? {};
  const entries = [config.optimizeDeps?.entries ?? [], join(root, '*-worker.ts'), more].flat();
  const name = `${basename(root)}-${isolated ? 'isolated' : 'plain'}`;
  const server = await createServer({
    ...QUIET,
    root,
    cacheDir: resolve('node_modules/.cache/babylon-agents', `vite-${name}`),
    optimizeDeps: { ...config.optimizeDeps, entries, force: true }, // one found late would fail imports that are under way
    server: { ...serving, port: 0, hmr: false, watch: null, headers: isolated ? headers : {} },
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0], dispose: () => server.close() };
}

/** `npm run build` into a temporary folder, and what it made. */
export async function serveBuild(): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), 'babylon-agents-'));
  const built: InlineConfig = { ...QUIET, mode: 'production', build: { ...config.build, outDir } };
  await build(built);
  const server = await preview({ ...built, preview: { ...config.preview, port: 0 } });
  const dispose = async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
  return { url: server.resolvedUrls!.local[0], dispose };
}

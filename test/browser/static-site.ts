import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import config from '../../vite.config.ts';
import { serveFolder } from './serve-folder.ts';
import type { Site } from './site.ts';

/** `npm run build`, as a plain static server has it: in some folder, without a header of its own. */
export async function serveStatic(): Promise<Site> {
  const outDir = mkdtempSync(join(tmpdir(), 'babylon-agents-'));
  await build({ ...config, configFile: false, logLevel: 'warn', build: { ...config.build, outDir } });
  const { url, dispose } = await serveFolder(outDir, { at: '/demos/agents/' });
  return {
    url,
    async dispose() {
      await dispose();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

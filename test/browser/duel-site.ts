import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type InlineConfig, preview, type Rolldown } from 'vite';
import type { Game } from '../../demo-scenes/duel/game/game.ts';
import config from '../../vite.duel.config.ts';
import { type DemoPage, openPage } from './demo-page.ts';
import type { Site } from './site.ts';

declare global {
  /** what the duel's page leaves for the browser's console */
  var game: Game | undefined;
}

/** The built game, as it is served. */
export interface DuelSite extends Site {
  /** where the build lies */
  readonly folder: string;
  /** the scripts that it is made of, with the modules in each */
  readonly chunks: readonly Rolldown.OutputChunk[];
}

/** `npm run build:duel` into a temporary folder, and a server for what it made. */
export async function serveDuel(): Promise<DuelSite> {
  const folder = mkdtempSync(join(tmpdir(), 'duel-'));
  const inline: InlineConfig = { ...config, configFile: false, logLevel: 'warn', mode: 'production' };
  const built = await build({ ...inline, build: { ...config.build, outDir: folder } });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  const chunks = outputs.flatMap(({ output }) => output.filter((file) => file.type === 'chunk'));
  const server = await preview({ ...inline, build: { outDir: folder }, preview: { port: 0 } });
  const dispose = async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: server.resolvedUrls!.local[0], folder, chunks, dispose };
}

/** Opens the game in a window of that size and waits until its menu is drawn; collects what goes wrong. */
export async function openGame(
  browser: Browser | BrowserContext,
  { url }: Site,
  size = { width: 480, height: 300 },
): Promise<DemoPage> {
  const { page, problems } = await openPage(browser, 'about:blank');
  await page.setViewportSize(size);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.game !== undefined);
  return { page, problems };
}

/** Waits until a match has come to a phase. */
export async function waitForPhase(page: Page, phase: string): Promise<void> {
  await page.waitForFunction((wanted) => globalThis.game?.match.phase === wanted, phase);
}

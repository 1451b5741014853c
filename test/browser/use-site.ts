import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from './chromium.ts';
import type { Site } from './site.ts';

/** What the tests of a file have in common once they begin. */
export interface Visit<S extends Site = Site> {
  readonly browser: Browser;
  readonly site: S;
}

/** Starts a site and a Chromium for the tests around the call. Windows that a test opened are closed when it ends. */
export function useSite<S extends Site>(
  serve: () => Promise<S>,
  chromium: Parameters<typeof launchChromium>[0],
): Visit<S> {
  let browser: Browser | undefined;
  let site: S | undefined;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serve(), launchChromium(chromium)]);
  });

  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.dispose();
  });

  return {
    get browser() {
      return browser!;
    },
    get site() {
      return site!;
    },
  };
}

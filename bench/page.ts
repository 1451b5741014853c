import type { Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import { openDemo } from '../test/browser/demo-page.ts';
import { serveBuild } from '../test/browser/site.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './median.ts';

/** Frames/s that script time is counted against, whatever a software renderer reaches. */
const FRAMES = 60;
const TRIES = 3;

/**
 * The editor page, production-built, in a headless Chromium without a GPU: how soon the scene moves, how soon balance-ball
 * returns 90 after Train is pressed, and what training costs the main thread. For the last, the 3D loop stands still: what
 * is left of script is the run's messages, the panel and its curves.
 */
export const benchPage: Benchmark = async ({ seconds }) => {
  const browser = await launchChromium({ webgpu: false });
  const site = await serveBuild();
  try {
    const looks: number[] = [];
    const learned: number[] = [];
    for (let i = 0; i < TRIES; i++) {
      const began = performance.now();
      const { page } = await openDemo(browser, site.url);
      looks.push((performance.now() - began) / 1000);
      learned.push(await timeToReturn(page, 90));
      await page.context().close();
    }
    const { page } = await openDemo(browser, site.url);
    return {
      secondsTo90: learned,
      ...(await traceTraining(page, seconds)),
      firstLookSeconds: median(looks),
      browser: browser.version(),
    };
  } finally {
    await browser.close();
    await site.dispose();
  }
};

/** Presses Train; seconds until the mean return of 100 episodes is there. */
async function timeToReturn(page: Page, goal: number): Promise<number> {
  const began = performance.now();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForFunction((least) => (demo.run.state.update?.meanReturn ?? 0) >= least, goal, { timeout: 120_000 });
  return (performance.now() - began) / 1000;
}

/** Trains without an end for so many seconds. */
async function traceTraining(page: Page, seconds: number) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const scriptSeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')!.value;
  };
  await page.evaluate(async () => {
    demo.field!.scene.getEngine().stopRenderLoop();
    await demo.run.train({ maxDecisions: 1e8, until: 1e9 });
  });
  await page.waitForFunction(() => (demo.run.state.update?.update ?? 0) > 20); // the curves are open
  const before = { script: await scriptSeconds(), updates: await countUpdates(page), at: performance.now() };
  const tasks = await watchTasks(page, seconds);
  const passed = (performance.now() - before.at) / 1000;
  const script = (await scriptSeconds()) - before.script;
  return {
    scriptMsPerFrame: (1000 * script) / (passed * FRAMES),
    tasksOver50ms: tasks.length,
    longestTaskMs: Math.max(0, ...tasks),
    updatesPerSecond: ((await countUpdates(page)) - before.updates) / passed,
  };
}

function countUpdates(page: Page): Promise<number> {
  return page.evaluate(() => demo.run.state.update?.update ?? 0);
}

/** ms of every task of the main thread that takes longer than 50. */
function watchTasks(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate(async (wait) => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    await new Promise((resolve) => setTimeout(resolve, 1000 * wait));
    observer.disconnect();
    return tasks;
  }, seconds);
}

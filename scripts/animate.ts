import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launchChromium } from '../test/browser/chromium.ts';
import { openDemo } from '../test/browser/demo-page.ts';
import { serveBuild } from '../test/browser/site.ts';

const FILE = 'docs/learning.gif';
const SIZE = { width: 1000, height: 620 };
const WIDTH = 720;
/** ms between frames of the picture, at least; the last one stands longer */
const LEAST = 100;
const LINGERS = 3000;

/** A picture of the page, and when it was painted [ms]. */
interface Frame {
  readonly png: Buffer;
  readonly at: number;
}

/** Makes the README's moving picture: the page from pressing Train to the goal, at the speed at which it happened. `npm run animate` */
async function animate(): Promise<void> {
  const browser = await launchChromium({ webgpu: false });
  const site = await serveBuild();
  try {
    const { page } = await openDemo(browser, site.url);
    await page.setViewportSize(SIZE);
    const frames = await film(page, async () => {
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page.waitForFunction(() => demo.run.state.phase === 'finished', undefined, { timeout: 120_000 });
      await page.waitForTimeout(1500);
    });
    const small = await Promise.all(frames.map(({ png }) => sharp(png).resize(WIDTH).png().toBuffer()));
    const delay = frames.map(({ at }, i) => (i + 1 < frames.length ? Math.round(frames[i + 1].at - at) : LINGERS));
    const { size } = await sharp(small, { join: { animated: true } })
      .gif({ delay, loop: 0, colors: 64, effort: 10, interFrameMaxError: 8 })
      .toFile(FILE);
    process.stdout.write(`${FILE} ${frames.length} frames, ${Math.round(size / 1000)} kB\n`);
  } finally {
    await browser.close();
    await site.dispose();
  }
}

/** What the browser paints while `act` goes on. */
async function film(page: Page, act: () => Promise<void>): Promise<readonly Frame[]> {
  const session = await page.context().newCDPSession(page);
  const frames: Frame[] = [];
  session.on('Page.screencastFrame', ({ data, sessionId }) => {
    const at = performance.now();
    if (frames.length === 0 || at - frames[frames.length - 1].at >= LEAST)
      frames.push({ png: Buffer.from(data, 'base64'), at });
    void session.send('Page.screencastFrameAck', { sessionId });
  });
  await session.send('Page.startScreencast', { format: 'png' });
  await act();
  await session.send('Page.stopScreencast');
  return frames;
}

await animate();

import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { launchChromium } from '../../test/browser/chromium.ts';
import { openGame, serveDuel, waitForPhase } from '../../test/browser/duel-site.ts';

const FILE = 'demo-scenes/duel/game.webp';

/** Takes the README's picture of the game: a fight against the hard opponent. `npx tsx scripts/duel/picture.ts` */
async function takePicture(): Promise<void> {
  const site = await serveDuel();
  const browser = await launchChromium({ webgpu: false });
  try {
    const { page } = await openGame(browser, site, { width: 1120, height: 630 });
    await page.keyboard.press('Digit3');
    await waitForPhase(page, 'fight');
    await page.waitForFunction(() => (game?.fight.duel.seconds ?? 0) > 0.9);
    await page.keyboard.down('KeyW');
    await page.keyboard.press('Space');
    await page.waitForTimeout(900);
    const picture = await sharp(await page.screenshot())
      .webp({ quality: 86 })
      .toBuffer();
    writeFileSync(FILE, picture);
    process.stdout.write(`${FILE} ${picture.length} bytes\n`);
  } finally {
    await browser.close();
    await site.dispose();
  }
}

await takePicture();

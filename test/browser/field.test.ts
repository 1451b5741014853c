import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import type {} from './page/field-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: false });

interface Harness {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** The page with a canvas of 480 × 320 pixels, which software draws fast enough. */
async function openHarness(from: Browser): Promise<Harness> {
  const page = await from.newPage({ viewport: { width: 480, height: 320 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${visit.site.url}field-harness.html`);
  await page.waitForFunction(() => 'fields' in globalThis);
  return { page, problems };
}

/** Waits for a frame that was begun later than now, and until the camera stands still. */
async function settle(page: Page): Promise<void> {
  const frame = await page.evaluate(() => fields.field!.scene.getFrameId());
  await page.waitForFunction((id) => fields.field!.scene.getFrameId() > id + 1 && !fields.field!.moving, frame);
}

/** How the picture differs from its corner's color: the share of pixels, and the colors themselves. */
async function look(
  page: Page,
): Promise<{ readonly filled: number; readonly colors: number; readonly back: number[] }> {
  const picture = await page.screenshot();
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    canvas.drawImage(image, 0, 0);
    const pixels = canvas.getImageData(0, 0, image.width, image.height).data;
    const back = [...pixels.subarray(pixels.length - 4, pixels.length - 1)];
    const colors = new Set<number>();
    let filled = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red, green, blue] = pixels.subarray(at, at + 3);
      colors.add((red << 16) | (green << 8) | blue);
      if (Math.abs(red - back[0]) + Math.abs(green - back[1]) + Math.abs(blue - back[2]) > 30) filled++;
    }
    return { filled: (4 * filled) / pixels.length, colors: colors.size, back };
  }, picture.toString('base64'));
}

/** How far each platform leans about its z axis: its quaternion's z. */
function readTilts(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    fields
      .field!.scene.meshes.filter(({ name }) => name === 'platform')
      .map(({ rotationQuaternion }) => rotationQuaternion!.z),
  );
}

async function expectAllCounts(page: Page, webgpu: boolean): Promise<void> {
  await page.evaluate(() => fields.openBalls(1, 'light'));
  expect(await page.evaluate(() => fields.field!.scene.getEngine().isWebGPU)).toBe(webgpu);
  let distance = 0;
  for (const count of [1, 4, 16, 64] as const) {
    await page.evaluate((areas) => fields.field!.setAreas(areas), count);
    await settle(page);
    expect(await readTilts(page)).toHaveLength(count);
    const { filled, colors } = await look(page);
    expect(filled).toBeGreaterThan(0.1);
    expect(colors).toBeGreaterThan(50);
    const radius = await page.evaluate(() => fields.field!.scene.activeCamera!.position.length());
    expect(radius).toBeGreaterThan(distance);
    distance = radius;
  }
}

describe('the field', () => {
  it('shows 1, 4, 16 and 64 areas with WebGL 2, in light and dark', async () => {
    const { page, problems } = await openHarness(visit.browser);
    await expectAllCounts(page, false);
    const light = await look(page);
    await page.evaluate(() => fields.field!.paint('dark'));
    await settle(page);
    const dark = await look(page);
    expect(Math.min(...light.back)).toBeGreaterThan(150);
    expect(Math.max(...dark.back)).toBeLessThan(60);
    expect(problems).toEqual([]);
  });

  it('shows 1, 4, 16 and 64 areas with WebGPU', async () => {
    const other = await launchChromium({ webgpu: true });
    try {
      const { page, problems } = await openHarness(other);
      await expectAllCounts(page, true);
      await page.evaluate(() => {
        fields.field!.overlay = true;
      });
      await settle(page);
      await page.evaluate(() => fields.field!.dispose());
      expect(problems).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('draws all areas in a few calls, however many there are', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openBalls(64, 'light'));
    await settle(page);
    const drawn = await page.evaluate(() =>
      fields
        .field!.scene.getActiveMeshes()
        .data.slice(0, 10)
        .map((mesh) => mesh?.name),
    );
    expect(drawn.filter(Boolean).sort()).toEqual(['ball-in-all-areas', 'floor', 'platform-in-all-areas']);
  });

  it('tilts the first platform, and no other, by the keyboard', async () => {
    const { page } = await openHarness(visit.browser);
    /** Five decisions from the start, the last three with a key down, if any. */
    const play = async (key?: string) => {
      await page.evaluate(async (driven) => {
        await fields.openBalls(4, 'light');
        fields.field!.paused = true;
        fields.field!.drive(driven);
        for (let i = 0; i < 2; i++) fields.field!.stepDecision();
      }, key !== undefined);
      const before = await readTilts(page);
      if (key) await page.keyboard.down(key);
      await page.evaluate(() => {
        for (let i = 0; i < 3; i++) fields.field!.stepDecision();
      });
      if (key) await page.keyboard.up(key);
      const after = await readTilts(page);
      expect(await page.evaluate(() => scrollY)).toBe(0);
      await page.evaluate(() => fields.field!.dispose());
      return { before, after };
    };
    const left = await play('ArrowLeft');
    expect(left.after[0]).toBeGreaterThan(left.before[0] + 0.1); // 15 steps of up to 2°
    const right = await play('KeyD');
    expect(right.after[0]).toBeLessThan(right.before[0] - 0.1);
    const nobody = await play();
    expect(left.after.slice(1)).toEqual(nobody.after.slice(1));
    expect(right.after.slice(1)).toEqual(nobody.after.slice(1));
    expect(new Set(nobody.after).size).toBe(4);
  });

  it('takes a tap that is shorter than a decision, and lets go of it', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openBalls(1, 'light'));
    await page.evaluate(() => {
      fields.field!.paused = true;
      fields.field!.drive(true);
      fields.field!.stepDecision();
    });
    const tilt = async () => (await readTilts(page))[0];
    const before = await tilt();
    await page.keyboard.press('KeyA');
    await page.evaluate(() => fields.field!.stepDecision());
    const tapped = await tilt();
    expect(tapped).toBeGreaterThan(before + 0.02);
    await page.evaluate(() => {
      for (let i = 0; i < 3; i++) fields.field!.stepDecision();
    });
    expect(await page.evaluate(() => [...fields.field!.playback.clock.policyRows[0].action])).toEqual([0, 0]);
  });

  it('leaves keys to a form control that has the focus, and to the page once nobody drives', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openBalls(1, 'light'));
    const act = () =>
      page.evaluate(() => {
        fields.field!.paused = true;
        fields.field!.stepDecision();
        return [...fields.field!.playback.clock.policyRows[0].action];
      });
    await page.evaluate(() => fields.field!.drive(true));
    await act(); // the decision that was under way is still the policy's
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('stage');
    await page.focus('#entry');
    await page.keyboard.down('ArrowLeft');
    expect(await act()).toEqual([0, 0]);
    await page.keyboard.up('ArrowLeft');
    await page.evaluate(() => {
      fields.field!.drive(false);
      (document.activeElement as HTMLElement).blur();
    });
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => scrollY > 0);
  });

  it('says which keys do what', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openBalls(1, 'light'));
    const keys = await page.evaluate(() => fields.field!.keys.bindings.map(({ keys: [key], does }) => [key, does]));
    expect(keys).toContainEqual(['ArrowLeft', 'tilt left']);
    await page.evaluate(() => fields.field!.dispose());
    await page.evaluate(() => fields.openRovers(1, 'light'));
    const others = await page.evaluate(() => fields.field!.keys.bindings.map(({ keys: [key], does }) => [key, does]));
    expect(others).toContainEqual(['ArrowUp', 'force 2 +']);
    expect(others).toContainEqual(['Digit3', 'horn: choice 2']);
  });

  it('draws over the agents what they sense and do, when it is asked to', async () => {
    const { page, problems } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openRovers(1, 'light'));
    await page.evaluate(() => {
      fields.field!.paused = true;
    });
    await settle(page);
    const without = await page.screenshot();
    await page.evaluate(() => {
      fields.field!.overlay = true;
    });
    await page.waitForFunction(() => fields.field!.scene.getMeshByName('overlay-lines')?.isVisible);
    await settle(page);
    expect(await page.screenshot()).not.toEqual(without);
    await page.evaluate(() => {
      fields.field!.overlay = false;
    });
    await settle(page);
    expect(await page.screenshot()).toEqual(without);
    expect(problems).toEqual([]);
  });

  it('reports returns at most four times a second, with the mean once an episode has ended', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openRovers(4, 'light'));
    const seen = await page.evaluate(async () => {
      const field = fields.field!;
      const reports: { mean: number | undefined; running: number }[] = [];
      const began = performance.now();
      const stop = field.onReturns(({ mean, running }) => reports.push({ mean, running: running.length }));
      const until = (done: () => boolean) =>
        new Promise<void>((resolve) => {
          const look = () => (done() ? resolve() : void setTimeout(look, 20));
          look();
        });
      await until(() => reports.length >= 2);
      for (let i = 0; i < 200; i++) field.stepDecision(); // an episode
      const before = reports.length;
      await until(() => reports.length > before);
      stop();
      return { reports, seconds: (performance.now() - began) / 1000 };
    });
    expect(seen.reports[0]).toEqual({ mean: undefined, running: 4 });
    expect(seen.reports.at(-1)!.mean).toBeLessThan(0); // they stay behind the middle
    expect(seen.reports.length).toBeLessThanOrEqual(4 * seen.seconds + 1);
  });

  it('keeps the person’s view: a zoom ends the camera’s own move', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openBalls(1, 'light'));
    await settle(page);
    const moved = await page.evaluate(async () => {
      const field = fields.field!;
      const camera = field.scene.activeCamera as unknown as { inertialRadiusOffset: number; alpha: number };
      camera.alpha = 1;
      await field.setAreas(64);
      camera.inertialRadiusOffset = 1;
      await new Promise((resolve) => field.scene.onAfterRenderObservable.addOnce(resolve));
      return { moving: field.moving, alpha: camera.alpha };
    });
    expect(moved).toEqual({ moving: false, alpha: 1 });
  });

  it('leaves no listener, observer or engine behind', async () => {
    const { page, problems } = await openHarness(visit.browser);
    const before = await page.evaluate(() => fields.listeners());
    await page.evaluate(async () => {
      await fields.openBalls(4, 'light');
      const field = fields.field!;
      field.drive(true);
      field.overlay = true;
      field.onReturns(() => {});
      await field.setAreas(1);
    });
    await settle(page);
    const after = await page.evaluate(() => {
      const { scene } = fields.field!;
      const engine = scene.getEngine();
      fields.field!.dispose();
      return {
        listeners: fields.listeners(),
        sceneDisposed: scene.isDisposed,
        engineDisposed: engine.isDisposed,
        observers: scene.onBeforeRenderObservable.observers.length + scene.onAfterPhysicsObservable.observers.length,
      };
    });
    expect(after).toEqual({ listeners: before, sceneDisposed: true, engineDisposed: true, observers: 0 });
    expect(problems).toEqual([]);
  });
});

describe('the field, around a scene that its environment makes', () => {
  it('shows that scene as the one area, in its own colors and by its own camera', async () => {
    const { page, problems } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openYard(16, 'light'));
    await settle(page);
    const read = () =>
      page.evaluate(async () => {
        const field = fields.field!;
        await field.setAreas(4); // for which there is no room
        const { scene } = field;
        const camera = scene.activeCamera as unknown as { name: string; radius: number };
        return {
          areas: [field.areas, ...field.counts],
          camera: [camera.name, camera.radius],
          sky: scene.clearColor.asArray(),
          materials: [...new Set(scene.materials.map((material) => material.getClassName()))],
          cameras: scene.cameras.length,
        };
      });
    const light = await read();
    expect(light).toEqual({
      areas: [1, 1],
      camera: ['camera', 30],
      sky: [0.74, 0.84, 0.92, 1],
      materials: ['PBRMaterial'],
      cameras: 1,
    });
    expect((await look(page)).colors).toBeGreaterThan(50);
    await page.evaluate(() => fields.field!.paint('dark'));
    expect(await read()).toEqual(light);
    expect(problems).toEqual([]);
  });

  it('lets the keyboard drive its agent, and not its camera', async () => {
    const { page } = await openHarness(visit.browser);
    await page.evaluate(() => fields.openYard(1, 'light'));
    await settle(page);
    /** Where the craft is, where its nose and its right side point, and how the camera stands. */
    const read = () =>
      page.evaluate(() => {
        const { scene } = fields.field!;
        const craft = scene.getTransformNodeByName('craft')!;
        const m = craft.computeWorldMatrix(true).m;
        const { x, z } = craft.absolutePosition;
        const { alpha } = scene.activeCamera as unknown as { alpha: number };
        const length = Math.hypot(m[8], m[10]);
        const nose = [m[8] / length, m[10] / length];
        return { at: [x, z], nose, right: [nose[1], -nose[0]], alpha };
      });
    const along = (way: readonly number[], axis: readonly number[]) => way[0] * axis[0] + way[1] * axis[1];
    const hold = async (key: string, decisions: number) => {
      await page.keyboard.down(key);
      await settle(page); // frames in which a camera would turn
      await page.evaluate((count) => {
        for (let i = 0; i < count; i++) fields.field!.stepDecision();
      }, decisions);
      await page.keyboard.up(key);
    };
    await page.evaluate(() => {
      fields.field!.paused = true;
      fields.field!.drive(true);
      for (let i = 0; i < 6; i++) fields.field!.stepDecision(); // it comes down
    });
    const start = await read();
    await hold('ArrowUp', 6);
    const ahead = await read();
    expect(along([ahead.at[0] - start.at[0], ahead.at[1] - start.at[1]], start.nose)).toBeGreaterThan(0.4);
    await hold('ArrowRight', 5);
    const turned = await read();
    expect(along(turned.nose, ahead.right)).toBeGreaterThan(0.2);
    expect(turned.alpha).toBe(start.alpha);
  });

  it('leaves no listener, scene or engine behind', async () => {
    const { page, problems } = await openHarness(visit.browser);
    const before = await page.evaluate(() => fields.listeners());
    await page.evaluate(async () => {
      await fields.openYard(1, 'light');
      fields.field!.drive(true);
      fields.field!.overlay = true;
    });
    await settle(page);
    const after = await page.evaluate(() => {
      const { scene } = fields.field!;
      fields.field!.dispose();
      return {
        listeners: fields.listeners(),
        sceneDisposed: scene.isDisposed,
        engineDisposed: scene.getEngine().isDisposed,
      };
    });
    expect(after).toEqual({ listeners: before, sceneDisposed: true, engineDisposed: true });
    expect(problems).toEqual([]);
  });
});

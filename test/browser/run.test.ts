import { resolve } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type {} from './page/run-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

/** Small enough that an update takes a fraction of a second. */
const SMALL = { seed: 7, workers: 2, areas: 8, horizon: 64, backend: 'wasm', maxDecisions: 512 * 14 } as const;
const LONG = { ...SMALL, maxDecisions: 512 * 2000 } as const;

const KINDS = ['folder', 'database'] as const;

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: true });
let context: BrowserContext;

beforeEach(async () => {
  context = await visit.browser.newContext();
});

async function openPage(): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${visit.site.url}run-harness.html`);
  await ready(page);
  return page;
}

async function reload(page: Page): Promise<void> {
  await page.reload();
  await ready(page);
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'runHarness' in window);
}

describe.each(KINDS)('BrowserStore in a %s', (kind) => {
  it('keeps files over a reload, apart for each environment', async () => {
    const page = await openPage();
    const write = (k: typeof kind) =>
      page.evaluate(
        async (kinds) => {
          const { BrowserStore, filled } = window.runHarness;
          const [a, b] = [await BrowserStore.open('a/b', kinds), await BrowserStore.open('b', kinds)];
          await a.write('x', filled(1000, 1));
          await b.write('x', filled(50, 2));
          await b.write('y', filled(50, 3));
          await b.remove(['y', 'never-there']);
          return a.locate('x');
        },
        [k],
      );
    expect(await write(kind)).toBe(kind === 'folder' ? 'runs/a%2Fb/x' : 'IndexedDB runs/a%2Fb/x');
    await reload(page);
    const read = await page.evaluate(
      async (kinds) => {
        const { BrowserStore, inspect } = window.runHarness;
        const [a, b] = [await BrowserStore.open('a/b', kinds), await BrowserStore.open('b', kinds)];
        return [await inspect(a, 'x'), await inspect(b, 'x'), await inspect(b, 'y')];
      },
      [kind],
    );
    expect(read).toEqual([{ size: 1000, byte: 1 }, { size: 50, byte: 2 }, 'none']);
  });

  it('has the old file or the new one after a reload in the middle of a write', async () => {
    const page = await openPage();
    const seen = new Set<string>();
    for (const wait of [0, 3, 10, 30, 60, 120]) {
      await page.evaluate(
        async ([k, ms]) => {
          const { BrowserStore, filled } = window.runHarness;
          const store = await BrowserStore.open('torn', [k]);
          await store.write('x', filled(100, 1));
          const big = filled(48_000_000, 2);
          void store.write('x', big);
          await new Promise((done) => setTimeout(done, ms));
        },
        [kind, wait] as const,
      );
      await reload(page);
      const found = await page.evaluate(async (k) => {
        const { BrowserStore, inspect } = window.runHarness;
        return inspect(await BrowserStore.open('torn', [k]), 'x');
      }, kind);
      seen.add(JSON.stringify(found));
      expect([
        { size: 100, byte: 1 },
        { size: 48_000_000, byte: 2 },
      ]).toContainEqual(found);
    }
    expect(seen).toContain(JSON.stringify({ size: 100, byte: 1 })); // some reload did come in the middle
  });

  it('says when there is no more room, and has the old file', async () => {
    const page = await openPage();
    const session = await context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(visit.site.url).origin,
      quotaSize: 2_000_000,
    });
    const [message, found] = await page.evaluate(async (k) => {
      const { BrowserStore, filled, inspect } = window.runHarness;
      const store = await BrowserStore.open('full', [k]);
      await store.write('x', filled(100, 1));
      const failed = await store.write('x', filled(8_000_000, 2)).then(() => 'written', String);
      return [failed, await inspect(store, 'x')] as const;
    }, kind);
    expect(message).toContain('x" could not be written: this page’s storage quota is used up.');
    expect(found).toEqual({ size: 100, byte: 1 });
  });
});

describe('BrowserStore', () => {
  it('prefers the private folder, and says where nothing can be kept', async () => {
    const page = await openPage();
    const places = await page.evaluate(async () => {
      const { BrowserStore, filled } = window.runHarness;
      const here = (await BrowserStore.open('a')).locate('x');
      Object.defineProperty(navigator, 'storage', { value: {} });
      const there = (await BrowserStore.open('a')).locate('x');
      indexedDB.open = () => {
        throw new DOMException('no databases here.', 'SecurityError');
      };
      const nowhere = await BrowserStore.open('a');
      const failed = await nowhere.write('x', filled(1, 1)).then(() => 'written', String);
      return [here, there, failed, await nowhere.read('x')];
    });
    expect(places.slice(0, 2)).toEqual(['runs/a/x', 'IndexedDB runs/a/x']);
    expect(places[2]).toMatch(/"nowhere\/x" could not be written: this browser offers no storage to this page \(.*\)/);
    expect(places[3]).toBeUndefined();
  });

  it('gives a run to one tab, until that tab is gone', async () => {
    const [one, other] = [await openPage(), await openPage()];
    const claim = (page: Page) =>
      page.evaluate(async () => {
        const store = await window.runHarness.BrowserStore.open('shared');
        return [await store.claimedElsewhere(), await store.claim(), await store.claim()];
      });
    expect(await claim(one)).toEqual([false, true, true]);
    expect(await claim(other)).toEqual([true, false, false]);
    await one.close();
    expect((await claim(other)).slice(1)).toEqual([true, true]); // it may take a moment until the browser has noticed
  });
});

describe.each(KINDS)('LiveRun with a %s', (kind) => {
  it('resumes with all of its curves after a pause and a reload, to the same policy', async () => {
    const page = await openPage();
    const whole = await page.evaluate(
      async ([settings, k]) => {
        const { openRun, reaches, pointsOf, policyOf } = window.runHarness;
        const run = await openRun('whole', [k]);
        await run.train(settings);
        await reaches(run, 'finished');
        return { points: pointsOf(run), policy: await policyOf(run) };
      },
      [SMALL, kind] as const,
    );
    const paused = await page.evaluate(
      async ([settings, k]) => {
        const { openRun, afterUpdate, pointsOf } = window.runHarness;
        const run = await openRun('broken', [k]);
        await run.train(settings);
        await afterUpdate(run, 3);
        await run.pause();
        return { state: run.state, points: pointsOf(run) };
      },
      [SMALL, kind] as const,
    );
    expect(paused.state).toMatchObject({ phase: 'paused', workersOpen: true, sharedMemory: true });
    await reload(page);
    const restored = await page.evaluate(async (k) => {
      const { openRun, pointsOf } = window.runHarness;
      window.run = await openRun('broken', [k]);
      const found = await window.run.restore();
      return { found, state: window.run.state, points: pointsOf(window.run) };
    }, kind);
    expect(restored.found).toBe(true);
    expect(restored.points).toEqual(paused.points);
    expect(restored.state).toMatchObject({ phase: 'paused', workersOpen: false, update: paused.state.update });
    const ended = await page.evaluate(async () => {
      const { reaches, pointsOf, policyOf } = window.runHarness;
      await window.run.train();
      await reaches(window.run, 'finished');
      return { points: pointsOf(window.run), policy: await policyOf(window.run) };
    });
    expect(ended.policy).toBe(whole.policy);
    const [decisions, seconds, meanReturn] = ended.points;
    expect(decisions).toEqual(Array.from({ length: 14 }, (_, i) => 512 * (i + 1)));
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(meanReturn).toEqual(whole.points[2]);
  });
});

describe('LiveRun in a page', () => {
  it('resumes from its last checkpoint after a reload in the middle of training', async () => {
    const page = await openPage();
    await page.evaluate(async (settings) => {
      const { openRun, afterUpdate } = window.runHarness;
      const run = await openRun('reloaded');
      await run.train(settings);
      await afterUpdate(run, 4);
    }, LONG);
    await reload(page);
    const { found, before, after } = await page.evaluate(async () => {
      const { openRun, afterUpdate, pointsOf } = window.runHarness;
      const run = await openRun('reloaded');
      const restored = await run.restore();
      const first = { points: pointsOf(run), saved: run.state.savedUpdates! };
      await run.train();
      await afterUpdate(run, first.saved + 3);
      await run.stop();
      return { found: restored, before: first, after: { points: pointsOf(run), notes: run.state.notes } };
    });
    expect(found).toBe(true);
    expect(before.points[0]).toHaveLength(before.saved);
    expect(after.points.map((column) => column.slice(0, before.saved))).toEqual(before.points);
    expect(after.points[0]).toEqual(after.points[0].map((_, i) => 512 * (i + 1)));
    expect(after.notes.map(({ text }) => text)).toContain(`Resumed after update ${before.saved}.`);
  });

  it('says in a second tab that the run is open in the first', async () => {
    const first = await openPage();
    await first.evaluate(async (settings) => {
      window.run = await window.runHarness.openRun('twice');
      await window.run.train(settings);
      await window.run.pause();
    }, LONG);
    const second = await openPage();
    const state = await second.evaluate(async (settings) => {
      window.run = await window.runHarness.openRun('twice');
      await window.run.restore();
      await window.run.train(settings);
      return window.run.state;
    }, LONG);
    expect(state).toMatchObject({ phase: 'paused', workersOpen: false });
    expect(state.notes.at(-1)).toMatchObject({ kind: 'problem', text: expect.stringContaining('another tab') });
    await first.evaluate(() => window.run.stop());
    const phase = await second.evaluate(async () => {
      await window.run.train();
      const { phase } = window.run.state;
      await window.run.stop();
      return phase;
    });
    expect(phase).toBe('training');
  });

  it('survives a worker that breaks', async () => {
    const page = await openPage();
    const state = await page.evaluate(async (settings) => {
      const { openRun, afterUpdate } = window.runHarness;
      const run = await openRun('broken-worker');
      await run.train(settings);
      await afterUpdate(run, 2);
      new BroadcastChannel('break').postMessage('break-1');
      const { update } = run.state.update!;
      await afterUpdate(run, update + 3);
      await run.stop();
      return run.state;
    }, LONG);
    expect(state.notes).toContainEqual({
      kind: 'warning',
      text: 'Rollout worker 2 stopped: its thread was ended. It is started again.',
    });
  });

  it('resumes without the GPU when that is lost, from the last checkpoint', async () => {
    const page = await openPage();
    const state = await page.evaluate(
      async (settings) => {
        const { openRun, afterUpdate, pointsOf } = window.runHarness;
        const run = await openRun('lost-gpu');
        await run.train(settings);
        const { backend } = run.state.started!;
        await afterUpdate(run, 2);
        new BroadcastChannel('break').postMessage('gpu');
        while (run.state.started?.backend === 'webgpu') await new Promise((done) => setTimeout(done, 20));
        await afterUpdate(run, run.state.savedUpdates! + 2);
        await run.stop();
        return { ...run.state, first: backend, decisions: pointsOf(run)[0] };
      },
      { ...LONG, epochs: 1, backend: 'webgpu' } as const,
    );
    expect(state.first).toBe('webgpu');
    expect(state).toMatchObject({ phase: 'paused', started: { backend: 'wasm' } });
    expect(state.decisions).toEqual(state.decisions.map((_, i) => 512 * (i + 1)));
    expect(state.notes).toContainEqual({
      kind: 'warning',
      text: expect.stringMatching(/Training resumes after update \d+ without the GPU, on WebAssembly\.$/),
    });
  });

  it('keeps training while its tab is hidden, and is kept when it goes out of sight', async () => {
    const page = await openPage();
    const { hidden, before, after, saved } = await page.evaluate(async (settings) => {
      const { openRun, afterUpdate } = window.runHarness;
      const run = await openRun('hidden');
      await run.train(settings);
      await afterUpdate(run, 2);
      window.requestAnimationFrame = () => 0; // a hidden tab draws no frames
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      const { update } = run.state.update!;
      document.dispatchEvent(new Event('visibilitychange'));
      await afterUpdate(run, update + 3);
      const state = run.state;
      await run.stop();
      return {
        hidden: document.visibilityState,
        before: update,
        after: state.update!.update,
        saved: state.savedUpdates!,
      };
    }, LONG);
    expect(hidden).toBe('hidden');
    expect(after).toBeGreaterThanOrEqual(before + 3);
    expect(saved).toBeGreaterThanOrEqual(before);
  });
});

import assert from 'node:assert';
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readCheckpoint } from '../../plugin/train/checkpoint.ts';
import { train } from '../../plugin/train/train.ts';
import { CHECKPOINT_FILE, POLICY_FILE, type TrainingEvent, type UpdateEvent } from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { createWorker, finishOf, runTraining } from '../fixtures/run-training.ts';

afterEach(() => vi.restoreAllMocks());

/** Lets a test turn the clock of its thread on. */
function clock(): { turnOn(ms: number): void } {
  const now = performance.now.bind(performance);
  let ahead = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
  return {
    turnOn(ms) {
      ahead += ms;
    },
  };
}

/** A hold after one update, which the test ends. */
function holdAfter(update: number) {
  let updates = 0;
  let letGo = () => {};
  const hold = () => {
    if (++updates !== update) return undefined;
    return new Promise<void>((resolve) => {
      letGo = resolve;
    });
  };
  return { hold, letGo: () => letGo() };
}

const checkpointIn = (store: MemoryStore) =>
  vi.waitFor(() => expect(store.files.has(CHECKPOINT_FILE)).toBe(true), { timeout: 60_000 });

const afterAWhile = () => new Promise((resolve) => setTimeout(resolve, 300));

describe('train, held', () => {
  it.each([true, false])(
    'writes a checkpoint, stands still and comes to the same policy (overlap %s)',
    async (overlap) => {
      const settings = { maxDecisions: 256 * 4, overlap };
      const undisturbed = finishOf(await runTraining('rail', settings));
      const { hold, letGo } = holdAfter(2);
      const store = new MemoryStore();
      const events: TrainingEvent[] = [];
      const run = (async () => {
        for await (const event of train('rail', { ...settings, createWorker, store, hold })) events.push(event);
      })();
      await checkpointIn(store);
      await afterAWhile();
      expect(events.at(-1)).toMatchObject({ kind: 'checkpoint', update: 2 });
      letGo();
      await run;
      expect(Buffer.compare(finishOf(events).policies[0].policyFile, undisturbed.policies[0].policyFile)).toBe(0);
    },
  );

  it('stops its clock', async () => {
    const { turnOn } = clock();
    const { hold, letGo } = holdAfter(2);
    const updates: UpdateEvent[] = [];
    const store = new MemoryStore();
    const run = (async () => {
      const options = { maxDecisions: 256 * 4, maxSeconds: 5000, createWorker, store, hold };
      for await (const event of train('rail', options)) if (event.kind === 'update') updates.push(event);
    })();
    await checkpointIn(store);
    await afterAWhile();
    turnOn(10_000_000);
    letGo();
    await run;
    expect(updates).toHaveLength(4); // 10000 s of pause did not use up its 5000 s
    for (const { seconds, times, decisionsPerSecond } of updates) {
      expect(seconds).toBeLessThan(5000);
      expect(times.totalMs).toBeLessThan(5_000_000);
      expect(decisionsPerSecond).toBeGreaterThan(256 / 5000);
    }
  });

  it('counts time as ever when nothing holds it', async () => {
    const { turnOn } = clock();
    let seconds = 0;
    for await (const event of train('rail', { maxDecisions: 256 * 3, createWorker })) {
      if (event.kind !== 'update') continue;
      if (event.update === 2) turnOn(10_000_000);
      seconds = event.seconds;
    }
    expect(seconds).toBeGreaterThan(10_000);
  });

  it('goes on at once from a promise that is resolved already, with a checkpoint', async () => {
    const kinds: string[] = [];
    const options = { maxDecisions: 256 * 2, createWorker, store: new MemoryStore(), hold: () => Promise.resolve() };
    for await (const { kind } of train('rail', options)) if (kind !== 'episode') kinds.push(kind);
    expect(kinds).toEqual(['started', 'update', 'checkpoint', 'update', 'checkpoint', 'finished']);
  });

  it('is let go by its signal, and ends', async () => {
    const abort = new AbortController();
    const hold = () => {
      setTimeout(() => abort.abort(), 50);
      return new Promise<void>(() => {});
    };
    const events = await runTraining('rail', { store: new MemoryStore(), hold, signal: abort.signal });
    expect(finishOf(events)).toMatchObject({ reason: 'interrupted', updates: 1 });
  });

  it('leaves no listener on its signal, however often it was held', async () => {
    const { signal } = new AbortController();
    const hold = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
    const events = await runTraining('rail', { maxDecisions: 256 * 4, hold, signal });
    expect(finishOf(events).updates).toBe(4);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it.each<[string, () => Promise<void>, string]>([
    ['throws', () => assert.fail('no host'), '[agents] hold() failed after an update: no host'],
    ['is rejected', async () => assert.fail('no host'), '[agents] hold() failed after an update: no host'],
    ['is no promise', () => 1 as never, '[agents] hold() returned 1. Return a promise, or undefined.'],
  ])('ends with its files written where hold %s', async (_, hold, message) => {
    const store = new MemoryStore();
    await expect(runTraining('rail', { store, hold, maxDecisions: 256 * 4 })).rejects.toThrow(message);
    expect(readCheckpoint(store.files.get(CHECKPOINT_FILE) as Uint8Array, 'It').progress.updates).toBe(1);
    expect(store.files.has(POLICY_FILE)).toBe(true);
  });
});

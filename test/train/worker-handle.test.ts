import { afterEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../plugin/core/errors.ts';
import { WorkerHandle, WorkerStopped } from '../../plugin/train/worker-handle.ts';
import { collectGarbage } from '../fixtures/collect-garbage.ts';
import { createWorker } from '../fixtures/run-training.ts';

let handle: WorkerHandle;
afterEach(() => handle?.dispose());

/** What a worker answers, held weakly. */
async function askOnce(): Promise<WeakRef<readonly string[]>> {
  return new WeakRef(await handle.call((services) => services.rollout.names()));
}

describe('WorkerHandle', () => {
  it('lets go of every answer as soon as its caller does', async () => {
    handle = new WorkerHandle('Worker', createWorker);
    const answers = [await askOnce(), await askOnce(), await askOnce()];
    await collectGarbage();
    expect(answers.map((answer) => answer.deref())).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    [1, '1'],
    [undefined, 'undefined'],
    [5n, 'the BigInt 5'],
    [Promise.resolve(), 'a promise'],
    [{ postMessage() {} }, '{}'],
  ])('refuses what is no worker: %s', (made, shown) => {
    expect(() => new WorkerHandle('Worker', () => made as never)).toThrow(
      `[agents] createWorker() returned ${shown}. It must start and return a new Worker at every call.`,
    );
  });

  it('refuses every call that its worker did not live to answer, and every later one', async () => {
    handle = new WorkerHandle('Worker', () => {
      const worker = createWorker();
      setTimeout(() => void worker.terminate(), 20);
      return worker;
    });
    const never = () => new Promise<never>(() => {});
    const calls = [handle.call(never), handle.call(never)];
    const ends = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    expect(ends.map((end) => end instanceof WorkerStopped)).toEqual([true, true]);
    expect(ends.map(messageOf).join()).toContain('[agents] Worker stopped: its thread ended with code ');
    await expect(handle.call(never)).rejects.toThrow(WorkerStopped);
  });
});

import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { GuardedStore } from '../../plugin/train/guarded-store.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';

/** A store whose next answer comes when the test says so. */
function slowStore() {
  const store = new MemoryStore();
  let answer = () => {};
  const slow = () =>
    new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
  store.write = slow;
  store.read = slow;
  return { store, answer: () => answer() };
}

describe('GuardedStore', () => {
  it('gives up on a write that is never answered, and asks nothing else until it is', async () => {
    const { store, answer } = slowStore();
    const guarded = new GuardedStore(store, { patience: 0.02 });
    const late = '"memory/a" cannot be written: The store did not answer within 0.02 s.';
    expect(await guarded.write('a', new Uint8Array())).toEqual({ file: 'memory/a', reason: late });
    const busy = '"memory/b" cannot be written: The store is still busy with "a".';
    expect(await guarded.write('b', new Uint8Array())).toEqual({ file: 'memory/b', reason: busy });
    answer();
    await new Promise(setImmediate);
    const written = guarded.write('b', new Uint8Array());
    answer();
    expect(await written).toBe(undefined);
  });

  it.each(['before', 'while'])('waits less once the run is told to stop, %s it is asked', async (when) => {
    const abort = new AbortController();
    const guarded = new GuardedStore(slowStore().store, { lastPatience: 0.02, signal: abort.signal });
    if (when === 'before') abort.abort();
    const written = guarded.write('a', new Uint8Array());
    abort.abort();
    const late = 'The store did not answer within 0.02 s once the run was told to stop.';
    expect(await written).toEqual({ file: 'memory/a', reason: `"memory/a" cannot be written: ${late}` });
  });

  it('leaves nothing on the signal, and lets a write that it gave up on fail unheard', async () => {
    const abort = new AbortController();
    const store = new MemoryStore();
    const guarded = new GuardedStore(store, { patience: 0.02, signal: abort.signal });
    expect(await guarded.write('a', new Uint8Array())).toBe(undefined);
    let fail = (_: Error) => {};
    store.write = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    expect((await guarded.write('a', new Uint8Array()))?.reason).toContain('did not answer');
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    fail(new Error('too late')); // a rejection that nobody hears of would fail this file
    await new Promise(setImmediate);
    expect((await guarded.write('a', new Uint8Array()))?.reason).toContain('did not answer'); // it is asked again
  });

  it('gives up on a read that is never answered', async () => {
    await expect(new GuardedStore(slowStore().store, { patience: 0.02 }).read('a')).rejects.toThrow(
      '[agents] "memory/a" cannot be read: The store did not answer within 0.02 s. Check the store.',
    );
  });

  it('takes null for a file that is not there, and refuses what is no bytes', async () => {
    const store = new MemoryStore();
    store.read = async () => null as never;
    expect(await new GuardedStore(store).read('a')).toBe(undefined);
    store.read = async () => new ArrayBuffer(8) as never;
    await expect(new GuardedStore(store).read('a')).rejects.toThrow(
      '[agents] The store\'s read("a") gave ArrayBuffer. It must give a Uint8Array, or undefined if there is no such file.',
    );
  });

  it('passes on what the store says where that names the file', async () => {
    const store = new MemoryStore();
    store.write = async () => {
      throw new Error('[agents] "memory/a" cannot be written: it is full.');
    };
    const reason = '"memory/a" cannot be written: it is full.';
    expect(await new GuardedStore(store).write('a', new Uint8Array())).toEqual({ file: 'memory/a', reason });
  });
});

import { describe, expect, it } from 'vitest';
import { loadOnce } from '../../plugin/core/load-once.ts';

describe('loadOnce', () => {
  it('gives all callers the same promise', async () => {
    let loads = 0;
    const load = loadOnce(async () => ++loads);
    expect(load()).toBe(load());
    expect([await load(), await load(), loads]).toEqual([1, 1, 1]);
  });

  it('retries after a failed load, with the new arguments, and keeps that result', async () => {
    const asked: string[] = [];
    const load = loadOnce(async (address: string) => {
      asked.push(address);
      if (address === 'bad') throw new Error('404');
      return address;
    });
    const [first, second] = [load('bad'), load('good')];
    expect(second).toBe(first);
    await expect(first).rejects.toThrow('404');
    expect(await load('good')).toBe('good');
    expect(await load('bad')).toBe('good');
    expect(asked).toEqual(['bad', 'good']);
  });

  it('keeps nothing if the loader throws synchronously', async () => {
    let fails = true;
    const load = loadOnce((): Promise<number> => {
      if (fails) throw new Error('no file');
      return Promise.resolve(3);
    });
    expect(() => load()).toThrow('no file');
    fails = false;
    expect(await load()).toBe(3);
  });
});

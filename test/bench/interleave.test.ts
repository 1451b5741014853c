import { describe, expect, it } from 'vitest';
import { interleave } from '../../bench/interleave.ts';

describe('interleave', () => {
  it('runs every variant once a round, in the same order', async () => {
    const runs: string[] = [];
    const variants = { a: () => void runs.push('a'), b: async () => void runs.push('b') };
    await interleave(variants, { seconds: 0, warmUp: 1, least: 2 });
    expect(runs.join('')).toBe('ababab');
  });

  it('takes the median of the ms that a variant says count, those of the warm-up left out', async () => {
    const said = [1000, 2000, 7, 1, 4];
    const times = await interleave({ a: () => said.shift() }, { seconds: 0, warmUp: 2, least: 3 });
    expect(times).toEqual({ a: 4 });
  });

  it('counts a variant that says 0 ms as 0', async () => {
    expect(await interleave({ a: () => 0 }, { seconds: 0, warmUp: 0, least: 1 })).toEqual({ a: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { allowAll, createObservations, createPolicy, createSpec, MIXED } from './fixtures.ts';

const DECISIONS = 200;
/** The smallest object takes at least 12 bytes. */
const NOTHING = 8;

describe('Policy.act', () => {
  it.each([
    ['one agent', 1, undefined],
    ['a crowd', 32, undefined],
    ['one agent, sampling', 1, new Random(1)],
  ])('allocates nothing after the first call with a batch size: %s', (_, rows, random) => {
    const policy = createPolicy(createSpec(MIXED, { critic: 'none', hidden: [64, 64] })).sampleWith(random);
    const observation = createObservations(policy, rows);
    const action = new Float32Array(rows * policy.sizes.action);
    const mask = allowAll(policy, rows);
    const act = () => policy.act(observation, action, mask);
    expect(bytesOf(act) / DECISIONS).toBeLessThan(NOTHING);
  });

  it('is measured by a function that notices an allocation', () => {
    let kept: Float32Array | undefined;
    expect(
      bytesOf(() => {
        kept = new Float32Array(1);
      }) / DECISIONS,
    ).toBeGreaterThan(NOTHING);
    expect(kept).toBeDefined();
  });
});

/**
 * Bytes that many calls leave on the heap, including garbage: the least of many tries, because a collection may run at any
 * time, and because V8 boxes numbers until it has compiled hot code, which takes longer on a busy machine.
 */
function bytesOf(run: () => void): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 500 && least >= NOTHING * DECISIONS; attempt++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < DECISIONS; i++) run();
    const bytes = process.memoryUsage().heapUsed - before;
    if (bytes >= 0) least = Math.min(least, bytes);
  }
  return least;
}

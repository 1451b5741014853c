import { describe, expect, it } from 'vitest';
import { createRollout, type Rollout, rolloutTransferables } from '../../plugin/core/rollout.ts';
import { SHAPE } from './fixtures.ts';

describe('createRollout', () => {
  it('sizes each column by its shape', () => {
    const { shape, ...columns } = createRollout(SHAPE, false);
    const lengths = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.length]));
    expect(shape).toBe(SHAPE);
    expect(lengths).toEqual({
      observation: 4 * 3 * 5,
      continuousAction: 4 * 3 * 2,
      discreteAction: 4 * 3 * 2,
      mask: 4 * 3 * (3 + 2),
      logProb: 4 * 3,
      mean: 4 * 3 * 2,
      logDeviation: 2,
      logProbs: 4 * 3 * (3 + 2),
      value: 4 * 3,
      reward: 4 * 3,
      terminated: 4 * 3,
      truncated: 4 * 3,
      active: 4 * 3,
      finalValue: 4 * 3,
      lastValue: 3,
      advantage: 4 * 3,
    });
  });

  it.each([
    ['memory of its own', false, ArrayBuffer],
    ['shared memory', true, SharedArrayBuffer],
  ])('puts every column into %s', (_, shared, kind) => {
    for (const column of columnsOf(createRollout(SHAPE, shared))) {
      expect(column.buffer).toBeInstanceOf(kind);
      expect(column.buffer.byteLength).toBe(column.byteLength);
      expect(column.every((value) => value === 0)).toBe(true);
    }
  });
});

describe('rolloutTransferables', () => {
  it('lists the buffer of every column, so that none is copied', () => {
    const rollout = createRollout(SHAPE, false);
    rollout.reward.set([0, 1, 2]);
    const moved = structuredClone(rollout, { transfer: rolloutTransferables(rollout) });
    expect([...moved.reward.subarray(0, 3)]).toEqual([0, 1, 2]);
    for (const column of columnsOf(rollout)) expect(column.byteLength).toBe(0);
  });

  it('lists nothing if memory is shared', () => {
    expect(rolloutTransferables(createRollout(SHAPE, true))).toEqual([]);
  });
});

function columnsOf({ shape, ...columns }: Rollout): (Float32Array | Int32Array | Uint8Array)[] {
  return Object.values(columns);
}

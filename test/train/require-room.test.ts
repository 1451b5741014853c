import { describe, expect, it } from 'vitest';
import { createRollout, estimateRolloutBytes } from '../../plugin/core/rollout.ts';
import { train } from '../../plugin/training.ts';
import { createWorker } from '../fixtures/run-training.ts';
import { MIXED } from '../policy/fixtures.ts';

describe('estimateRolloutBytes', () => {
  it('is what the columns that grow with the horizon take', () => {
    const shape = { horizon: 7, agents: 5, layout: MIXED };
    const columns = Object.values(createRollout(shape, false)).filter((column) => ArrayBuffer.isView(column));
    const all = columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(estimateRolloutBytes(shape)).toBe(all - 4 * 3 - 4 * 5); // logDeviation [C] and lastValue [N]
  });
});

describe('train', () => {
  it('refuses a rollout that no memory holds, before it builds an area', async () => {
    const events = train('rail', { createWorker, workers: 1, areas: 8, horizon: 1e9 });
    // 1e9 decisions × 8 agents × (4 × (1 float observed + 2 of an action + 5) + 3) bytes
    await expect(events.next()).rejects.toThrow(
      `[agents] A rollout of 1000000000 decisions in 8 areas takes at least ${((8e9 * 35) / 2 ** 30).toPrecision(3)} GiB; the limit is 4.00. Lower \`horizon\` or \`areas\`.`,
    );
  });
});

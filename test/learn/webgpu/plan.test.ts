import { describe, expect, it } from 'vitest';
import { createContext } from '../../../plugin/learn/engine.ts';
import { OBSERVATION, planNetwork, SUMMED_REPORT } from '../../../plugin/learn/webgpu/plan.ts';
import { createSettings, createSpec } from '../fixtures.ts';

const planOf = (...args: Parameters<typeof createSpec>) =>
  planNetwork(createContext(createSpec(...args), createSettings()));

describe('planNetwork', () => {
  it('puts trunk and critic of one depth side by side, and heads after them', () => {
    const plan = planOf('both', { critic: 'separate', hidden: [5, 4] });
    const places = plan.levels.map((level) => level.map(({ source, place }) => [source, place]));
    expect(places).toEqual([
      [
        [OBSERVATION, 0],
        [OBSERVATION, 5],
      ],
      [
        [0, 10],
        [5, 14],
      ],
    ]);
    expect(plan.heads.map(({ source, place, outputs }) => [source, place, outputs])).toEqual([
      [10, 18, 2],
      [10, 20, 5],
      [14, 25, 1],
    ]);
    expect(plan.activations).toBe(26);
    expect(plan.deltas).toBe(26 + 2 + 7); // and log σ, and the report
  });

  it('covers every trained weight once, and puts the report after them', () => {
    const plan = planOf('both', { critic: 'separate', hidden: [5, 4] });
    const covered = new Uint8Array(plan.weights + SUMMED_REPORT);
    for (const { inputs, outputs, matrix } of [...plan.levels.flat(), ...plan.heads, ...plan.sums])
      for (let i = 0; i < (inputs + 1) * outputs; i++) covered[matrix + i]++;
    expect(covered.every((times) => times === 1)).toBe(true);
  });

  it('makes heads read observations if there are no hidden layers', () => {
    const plan = planOf('discrete', { hidden: [] });
    expect(plan.levels).toEqual([]);
    expect(plan.heads.map(({ source }) => source)).toEqual([OBSERVATION, OBSERVATION]);
    expect(plan.logDeviation).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { createContext } from '../../../plugin/learn/engine.ts';
import { adaptRate, applyAdam } from '../../../plugin/learn/wasm/adam.ts';
import { createWorkspace } from '../../../plugin/learn/wasm/workspace.ts';
import { createSettings, createSpec } from '../fixtures.ts';

describe('applyAdam', () => {
  /** The first step with a gradient that has two nonzero entries. */
  function step(gradient: readonly [number, number], most: number) {
    const workspace = createWorkspace(createContext(createSpec('continuous'), createSettings()));
    workspace.gradient.set(gradient);
    const norm = applyAdam(workspace, most, 0.01, 1);
    return { norm, moment: workspace.firstMoment.subarray(0, 2), weights: workspace.weights };
  }

  it('returns the norm of the gradient, and leaves a short one alone', () => {
    const { norm, moment } = step([0.3, -0.4], 10);
    expect(norm).toBeCloseTo(0.5, 6);
    expect(moment[0]).toBeCloseTo(0.1 * 0.3, 6);
    expect(moment[1]).toBeCloseTo(0.1 * -0.4, 6);
  });

  it('scales a long one down', () => {
    const { norm, moment } = step([30, -40], 0.5);
    expect(norm).toBeCloseTo(50, 4);
    expect(moment[0]).toBeCloseTo(0.1 * 0.3, 6);
    expect(moment[1]).toBeCloseTo(0.1 * -0.4, 6);
  });

  it('moves by about the learning rate in the first step, and not at all without a gradient', () => {
    const { weights } = step([30, -0.4], 100);
    expect(weights[0]).toBeCloseTo(-0.01, 5);
    expect(weights[1]).toBeCloseTo(0.01, 5);
    expect([...weights.subarray(2)].every((x) => x === 0)).toBe(true);
  });
});

describe('adaptRate', () => {
  it.each([
    ['above twice the target', 1e-3, 0.021, 1e-3 / 1.5],
    ['between', 1e-3, 0.019, 1e-3],
    ['below half of it', 1e-3, 0.004, 1e-3 * 1.5],
    ['already low', 1.2e-5, 1, 1e-5],
    ['already high', 9e-3, 0, 1e-2],
  ])('follows the divergence: %s', (_, rate, kl, expected) => {
    expect(adaptRate(rate, kl, 0.01)).toBeCloseTo(expected, 9);
  });
});

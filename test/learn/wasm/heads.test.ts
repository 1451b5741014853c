import { describe, expect, it } from 'vitest';
import { createSamples, type Samples } from '../../../plugin/learn/samples.ts';
import { CategoricalHead } from '../../../plugin/learn/wasm/categorical-head.ts';
import { GaussianHead } from '../../../plugin/learn/wasm/gaussian-head.ts';
import type { HeadViews } from '../../../plugin/learn/wasm/workspace.ts';

/** Two rows of eight floats. */
function createHeads(...rows: number[][]): HeadViews {
  const output = new Float32Array(16);
  rows.forEach((row, i) => {
    output.set(row, 8 * i);
  });
  return { outputs: 8, output, gradient: new Float32Array(16) };
}

function createColumns(columns: { continuousAction?: number[]; choice?: number[]; mask?: number[] }): Samples {
  const empty = createSamples(
    { observation: 0, action: 0, continuous: 0, branches: [], mask: 0, continuousAt: [], branchAt: [] },
    0,
  );
  const { continuousAction = [], choice = [], mask = [] } = columns;
  return {
    ...empty,
    continuousAction: Float32Array.from(continuousAction),
    choice: Float32Array.from(choice),
    mask: Float32Array.from(mask),
  };
}

describe('GaussianHead', () => {
  const [logTwo, halfLogTwoPi] = [Math.log(2), 0.5 * Math.log(2 * Math.PI)];
  const heads = createHeads([9, 9, 9], [9, 1, -1]); // μ [2] from column 1 on
  const samples = createColumns({ continuousAction: [0, 0, 5, 1] });

  it('has the log density of a diagonal Gaussian', () => {
    const head = new GaussianHead(heads, 1, Float32Array.of(logTwo, 0));
    head.begin();
    const z = [(5 - 1) / 2, (1 + 1) / 1];
    expect(head.logProb(1, samples, 1)).toBeCloseTo(-0.5 * (z[0] ** 2 + z[1] ** 2) - logTwo - 2 * halfLogTwoPi, 6);
    expect(head.entropy).toBeCloseTo(logTwo + 2 * (halfLogTwoPi + 0.5), 6);
  });

  it('has the gradient z/σ at μ, and z² − 1 at log σ, summed over rows', () => {
    const head = new GaussianHead(heads, 1, Float32Array.of(logTwo, 0));
    head.begin();
    head.logProb(1, samples, 1); // z = 2, 2
    head.differentiate(1, 0.5);
    head.differentiate(1, 0.25);
    expect([...heads.gradient.subarray(8, 12)].map((x) => Number(x.toFixed(6)))).toEqual([
      0,
      (0.25 * 2) / 2,
      0.25 * 2,
      0,
    ]);
    const gradient = new Float32Array(2);
    head.finish(-0.1, gradient);
    expect(gradient[0]).toBeCloseTo(0.75 * (4 - 1) - 0.1, 6);
    head.begin();
    head.finish(0, gradient);
    expect([...gradient]).toEqual([0, 0]);
  });
});

describe('CategoricalHead', () => {
  const logits = [9, 0, Math.log(3), 50, Math.log(2), Math.log(2)]; // 3 + 2 choices from column 1 on
  const heads = createHeads([], logits);
  const samples = createColumns({ mask: [1, 1, 0, 1, 1], choice: [0, 1, 0, 1, 0] });
  const head = new CategoricalHead(heads, 1, [3, 2]);
  const entropies = [-(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)), Math.log(2)];

  it('sums the log-probabilities of the choices, over the allowed ones', () => {
    expect(head.logProb(1, samples, 0)).toBeCloseTo(Math.log(0.75) + Math.log(0.5), 6);
    expect(head.entropy()).toBeCloseTo(entropies[0] + entropies[1], 6);
  });

  it('has the gradient [j chosen] − pⱼ of log π, and none where masked', () => {
    head.logProb(1, samples, 0);
    head.differentiate(1, 2, 0);
    [0, 2 * (0 - 0.25), 2 * (1 - 0.75), 0, 2 * (1 - 0.5), 2 * (0 - 0.5)].forEach((expected, i) => {
      expect(heads.gradient[8 + i]).toBeCloseTo(expected, 6);
    });
  });

  it('has the gradient −pⱼ·(log pⱼ + H) of the entropy', () => {
    head.logProb(1, samples, 0);
    head.differentiate(1, 0, 1);
    expect(heads.gradient[8 + 1]).toBeCloseTo(-0.25 * (Math.log(0.25) + entropies[0]), 6);
    expect(heads.gradient[8 + 2]).toBeCloseTo(-0.75 * (Math.log(0.75) + entropies[0]), 6);
    expect(heads.gradient[8 + 4]).toBeCloseTo(0, 6); // even odds have the most entropy
  });

  it('stays finite for logits whose exponentials overflow float32', () => {
    const steep = createHeads([1000, -1000, 0]);
    const certain = new CategoricalHead(steep, 0, [3]);
    const sample = createColumns({ mask: [1, 1, 1], choice: [0, 1, 0] });
    expect(certain.logProb(0, sample, 0)).toBe(-2000);
    expect(certain.entropy()).toBe(0);
  });
});

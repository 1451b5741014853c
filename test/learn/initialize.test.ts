import { describe, expect, it } from 'vitest';
import { createLearnerState, initializeWeights } from '../../plugin/learn/initialize.ts';
import { requireSlice, weightLayout } from '../../plugin/policy/network.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { createSettings, createSpec } from './fixtures.ts';

describe('initializeWeights', () => {
  const spec = createSpec('both', { hidden: [6, 4], critic: 'separate' });
  const layout = weightLayout(new Policy(spec).sizes, spec.network);
  const weights = initializeWeights(spec, 1, -0.7);
  const slice = (name: string) => {
    const { offset, size, shape } = requireSlice(layout, name);
    return { values: [...weights.subarray(offset, offset + size)], shape };
  };

  /** The products of all pairs of rows or columns of the matrix, whichever are fewer. */
  function gram(name: string): number[][] {
    const { values, shape } = slice(name);
    const [rows, columns] = shape;
    const vector = (i: number) =>
      columns <= rows ? values.filter((_, at) => at % columns === i) : values.slice(i * columns, (i + 1) * columns);
    const count = Math.min(rows, columns);
    return Array.from({ length: count }, (_, i) =>
      Array.from({ length: count }, (_, j) => vector(i).reduce((sum, x, k) => sum + x * vector(j)[k], 0)),
    );
  }

  it.each([
    ['trunk.0.weight', Math.SQRT2],
    ['trunk.1.weight', Math.SQRT2],
    ['critic.1.weight', Math.SQRT2],
    ['continuous.weight', 0.01],
    ['discrete.weight', 0.01],
    ['value.weight', 1],
  ])('makes %s orthogonal with gain %f', (name, gain) => {
    gram(name).forEach((products, i) => {
      products.forEach((product, j) => {
        expect(product).toBeCloseTo(i === j ? gain ** 2 : 0, 5);
      });
    });
  });

  it('sets biases to 0, normalizers to no effect, and log σ to the given value', () => {
    expect(slice('trunk.0.bias').values).toEqual([0, 0, 0, 0, 0, 0]);
    expect(slice('normalizer.mean').values).toEqual([0, 0, 0]);
    expect(slice('normalizer.deviation').values).toEqual([1, 1, 1]);
    expect(slice('value.mean').values).toEqual([0]);
    expect(slice('value.deviation').values).toEqual([1]);
    expect(slice('continuous.logDeviation').values).toEqual([Math.fround(-0.7), Math.fround(-0.7)]);
  });

  it('repeats from a seed and differs by seed', () => {
    expect(initializeWeights(spec, 1, -0.7)).toEqual(weights);
    expect(initializeWeights(spec, 2, -0.7)).not.toEqual(weights);
  });
});

describe('createLearnerState', () => {
  it('has moments only for the trained weights, and no observations', () => {
    const spec = createSpec('continuous');
    const { size, trainable } = new Policy(spec).weightLayout;
    const state = createLearnerState(spec, createSettings({ learningRate: 0.1 }), 1);
    expect(state.weights).toHaveLength(size);
    expect(state.firstMoment).toEqual(new Float32Array(size - trainable));
    expect(state.secondMoment).toEqual(new Float32Array(size - trainable));
    expect(state.observation).toEqual({ count: 0, mean: new Float64Array(3), squares: new Float64Array(3) });
    expect(state).toMatchObject({ steps: 0, learningRate: 0.1, valueTarget: { count: 0 } });
  });
});

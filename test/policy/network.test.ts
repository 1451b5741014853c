import { describe, expect, it } from 'vitest';
import { type AgentLayout, measureLayout } from '../../plugin/core/layout.ts';
import { denseLayer, type NetworkSpec, requireSlice, weightLayout } from '../../plugin/policy/network.ts';

const SENSORS = [{ name: 'sight', size: 3 }];
const MOVE = { name: 'move', continuous: 2, branches: [] };
const PICK = { name: 'pick', continuous: 0, branches: [4, 3] };

describe('weightLayout', () => {
  it('puts statistics, trunk, heads and value one after another', () => {
    const { slices, size, trainable } = layoutOf([MOVE, PICK], 'shared', [5, 4]);
    expect(trainable).toBe(3 + 3 + 1 + 1);
    expect(slices.map(({ name, shape }) => [name, shape])).toEqual([
      ['normalizer.mean', [3]],
      ['normalizer.deviation', [3]],
      ['value.mean', [1]],
      ['value.deviation', [1]],
      ['trunk.0.weight', [3, 5]],
      ['trunk.0.bias', [5]],
      ['trunk.1.weight', [5, 4]],
      ['trunk.1.bias', [4]],
      ['continuous.weight', [4, 2]],
      ['continuous.bias', [2]],
      ['continuous.logDeviation', [2]],
      ['discrete.weight', [4, 4 + 3]],
      ['discrete.bias', [4 + 3]],
      ['value.weight', [4, 1]],
      ['value.bias', [1]],
    ]);
    expect(size).toBe(8 + (15 + 5) + (20 + 4) + (8 + 2 + 2) + (28 + 7) + (4 + 1));
  });

  it('leaves no gap and no overlap between slices', () => {
    let end = 0;
    const { slices, size } = layoutOf([MOVE, PICK], 'separate', [5, 4]);
    for (const { shape, offset, size: floats } of slices) {
      expect(offset).toBe(end);
      expect(floats).toBe(shape.reduce((product, length) => product * length, 1));
      end += floats;
    }
    expect(size).toBe(end);
  });

  it('gives a separate critic its own layers, after the heads', () => {
    expect(namesOf([MOVE], 'separate', [5, 4])).toEqual([
      ...['normalizer.mean', 'normalizer.deviation', 'value.mean', 'value.deviation'],
      ...['trunk.0.weight', 'trunk.0.bias', 'trunk.1.weight', 'trunk.1.bias'],
      ...['continuous.weight', 'continuous.bias', 'continuous.logDeviation'],
      ...['critic.0.weight', 'critic.0.bias', 'critic.1.weight', 'critic.1.bias'],
      ...['value.weight', 'value.bias'],
    ]);
  });

  it('has no value slices without a critic', () => {
    const { trainable } = layoutOf([MOVE], 'none', [5]);
    expect(trainable).toBe(3 + 3);
    expect(namesOf([MOVE], 'none', [5])).toEqual([
      ...['normalizer.mean', 'normalizer.deviation', 'trunk.0.weight', 'trunk.0.bias'],
      ...['continuous.weight', 'continuous.bias', 'continuous.logDeviation'],
    ]);
  });

  it.each([
    ['floats only', [MOVE], ['continuous.weight', 'continuous.bias', 'continuous.logDeviation']],
    ['choices only', [PICK], ['discrete.weight', 'discrete.bias']],
  ])('has the heads that the actuators need: %s', (_, actuators, heads) => {
    const names = namesOf(actuators, 'none', []);
    expect(names).toEqual(['normalizer.mean', 'normalizer.deviation', ...heads]);
  });

  it('feeds the observation to the heads if there is no hidden layer', () => {
    const layout = layoutOf([MOVE], 'separate', []);
    expect(requireSlice(layout, 'continuous.weight').shape).toEqual([3, 2]);
    expect(requireSlice(layout, 'value.weight').shape).toEqual([3, 1]);
  });

  it('counts the trained weights of each kind of policy', () => {
    const trained = (actuators: AgentLayout['actuators'], critic: NetworkSpec['critic']) => {
      const { size, trainable } = layoutOf(actuators, critic, [5]);
      return size - trainable;
    };
    const [trunk, move, pick, value] = [3 * 5 + 5, 5 * 2 + 2 + 2, 5 * 7 + 7, 5 + 1];
    expect(trained([MOVE], 'shared')).toBe(trunk + move + value);
    expect(trained([MOVE], 'separate')).toBe(trunk + move + trunk + value);
    expect(trained([PICK], 'shared')).toBe(trunk + pick + value);
    expect(trained([PICK, MOVE], 'separate')).toBe(trunk + pick + move + trunk + value);
    expect(trained([PICK, MOVE], 'none')).toBe(trunk + pick + move);
  });
});

describe('requireSlice', () => {
  it('finds a slice by its name', () => {
    expect(requireSlice(layoutOf([MOVE], 'none', [5]), 'trunk.0.bias')).toEqual({
      name: 'trunk.0.bias',
      shape: [5],
      offset: 3 + 3 + 15,
      size: 5,
    });
  });

  it('lists the valid names if one is wrong', () => {
    expect(() => requireSlice(layoutOf([PICK], 'none', []), 'trunk.0.bias')).toThrow(
      new RangeError(
        'No weights "trunk.0.bias". There are: normalizer.mean, normalizer.deviation, discrete.weight, discrete.bias.',
      ),
    );
  });
});

describe('denseLayer', () => {
  it('finds where the weights and biases of a layer begin', () => {
    const layer = denseLayer(layoutOf([MOVE], 'shared', [5, 4]), 'trunk.1');
    expect(layer).toEqual({ inputs: 5, outputs: 4, weight: 8 + 15 + 5, bias: 8 + 15 + 5 + 20 });
  });
});

function layoutOf(actuators: AgentLayout['actuators'], critic: NetworkSpec['critic'], hidden: readonly number[]) {
  return weightLayout(measureLayout({ sensors: SENSORS, actuators }), { hidden, activation: 'tanh', critic });
}

function namesOf(...args: Parameters<typeof layoutOf>): string[] {
  return layoutOf(...args).slices.map(({ name }) => name);
}

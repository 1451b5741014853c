import { describe, expect, it } from 'vitest';
import { type AgentLayout, measureLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import {
  type Activation,
  applyActivation,
  applyDense,
  denseLayer,
  type NetworkSpec,
  parameterLayout,
  requireSlice,
} from '../../plugin/policy/network.ts';

const SENSORS = [{ name: 'sight', size: 3 }];
const MOVE = { name: 'move', continuous: 2, branches: [] };
const PICK = { name: 'pick', continuous: 0, branches: [4, 3] };

describe('parameterLayout', () => {
  it('puts statistics, trunk, heads and value one after another', () => {
    const { slices, size, trainable } = layoutOf([MOVE, PICK], 'shared', [5, 4]);
    expect(trainable).toBe(3 + 3 + 1 + 1);
    expect(slices.map(({ name, shape }) => [name, shape])).toEqual([
      ['normaliser.mean', [3]],
      ['normaliser.deviation', [3]],
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

  it('gives a separate critic layers of its own, after the heads', () => {
    expect(namesOf([MOVE], 'separate', [5, 4])).toEqual([
      ...['normaliser.mean', 'normaliser.deviation', 'value.mean', 'value.deviation'],
      ...['trunk.0.weight', 'trunk.0.bias', 'trunk.1.weight', 'trunk.1.bias'],
      ...['continuous.weight', 'continuous.bias', 'continuous.logDeviation'],
      ...['critic.0.weight', 'critic.0.bias', 'critic.1.weight', 'critic.1.bias'],
      ...['value.weight', 'value.bias'],
    ]);
  });

  it('has nothing of a value without a critic', () => {
    const { trainable } = layoutOf([MOVE], 'none', [5]);
    expect(trainable).toBe(3 + 3);
    expect(namesOf([MOVE], 'none', [5])).toEqual([
      ...['normaliser.mean', 'normaliser.deviation', 'trunk.0.weight', 'trunk.0.bias'],
      ...['continuous.weight', 'continuous.bias', 'continuous.logDeviation'],
    ]);
  });

  it.each([
    ['floats alone', [MOVE], ['continuous.weight', 'continuous.bias', 'continuous.logDeviation']],
    ['choices alone', [PICK], ['discrete.weight', 'discrete.bias']],
  ])('has the heads that the actuators need: %s', (_, actuators, heads) => {
    const names = namesOf(actuators, 'none', []);
    expect(names).toEqual(['normaliser.mean', 'normaliser.deviation', ...heads]);
  });

  it('feeds the heads with the observation where there is no hidden layer', () => {
    const layout = layoutOf([MOVE], 'separate', []);
    expect(requireSlice(layout, 'continuous.weight').shape).toEqual([3, 2]);
    expect(requireSlice(layout, 'value.weight').shape).toEqual([3, 1]);
  });

  it('counts the trained parameters of each kind of policy', () => {
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

  it('says which names there are when one is wrong', () => {
    expect(() => requireSlice(layoutOf([PICK], 'none', []), 'trunk.0.bias')).toThrow(
      new RangeError(
        'No parameter "trunk.0.bias". There are: normaliser.mean, normaliser.deviation, discrete.weight, discrete.bias.',
      ),
    );
  });
});

describe('denseLayer', () => {
  it('finds where weights and biases of a layer begin', () => {
    const layer = denseLayer(layoutOf([MOVE], 'shared', [5, 4]), 'trunk.1');
    expect(layer).toEqual({ inputs: 5, outputs: 4, weight: 8 + 15 + 5, bias: 8 + 15 + 5 + 20 });
  });
});

describe('applyDense', () => {
  const cases = [1, 2, 3, 4, 5, 8].flatMap((inputs) => [1, 2, 3, 4, 5].map((outputs) => [inputs, outputs] as const));

  it.each(cases)('is output = input · W + b of %i inputs and %i outputs, for 1 to 9 rows', (inputs, outputs) => {
    const random = new Random(inputs, outputs);
    for (let rows = 1; rows <= 9; rows++) {
      // bias before the weights, and NaN around both: a float read from elsewhere spoils the sum
      const layer = { inputs, outputs, bias: 2, weight: outputs + 3 };
      const parameters = new Float32Array(inputs * outputs + outputs + 6).fill(Number.NaN);
      for (let i = 0; i < outputs; i++) parameters[layer.bias + i] = random.integer(17) - 8;
      for (let i = 0; i < inputs * outputs; i++) parameters[layer.weight + i] = random.integer(17) - 8;
      const input = new Float32Array(rows * inputs + 1).fill(Number.NaN);
      for (let i = 0; i < rows * inputs; i++) input[i] = random.integer(17) - 8;
      const output = new Float32Array(rows * outputs + 2).fill(1e9);

      applyDense(parameters, layer, input, rows, output);

      const expected = [];
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < outputs; column++) {
          let sum = parameters[layer.bias + column]; // small integers: every order of adding gives the same
          for (let k = 0; k < inputs; k++) {
            sum += input[row * inputs + k] * parameters[layer.weight + k * outputs + column];
          }
          expected.push(sum);
        }
      }
      expect([...output]).toEqual([...expected, 1e9, 1e9]);
    }
  });
});

describe('applyActivation', () => {
  const INPUTS = [-1000, -50, -9, -1.5, -0.25, -1e-4, 0, 1e-4, 0.25, 1.5, 9, 50, 1000];
  const EXACT: Readonly<Record<Activation, (x: number) => number>> = {
    tanh: Math.tanh,
    relu: (x) => Math.max(x, 0),
    swish: (x) => x / (1 + Math.exp(-x)),
  };

  it.each(['tanh', 'relu', 'swish'] as const)('%s is right from −1000 to 1000', (activation) => {
    const values = Float32Array.from(INPUTS);
    applyActivation(activation, values, values.length);
    INPUTS.forEach((x, i) => {
      const exact = EXACT[activation](Math.fround(x));
      expect(Math.abs(values[i] - exact)).toBeLessThanOrEqual(6e-8 * Math.max(1, Math.abs(exact))); // half a float32 step
    });
  });

  it('tanh keeps a small input in all its digits', () => {
    const values = Float32Array.of(1e-4, 1e-6);
    applyActivation('tanh', values, 2);
    expect(values[0] / Math.tanh(1e-4)).toBeCloseTo(1, 6);
    expect(values[1] / Math.tanh(1e-6)).toBeCloseTo(1, 6);
  });

  it.each(['tanh', 'relu', 'swish'] as const)('%s keeps NaN visible', (activation) => {
    const values = Float32Array.of(Number.NaN);
    applyActivation(activation, values, 1);
    expect(values[0]).toBeNaN();
  });

  it('touches the first entries alone', () => {
    const values = Float32Array.of(-1, -2, -3);
    applyActivation('relu', values, 2);
    expect([...values]).toEqual([0, 0, -3]);
  });
});

function layoutOf(actuators: AgentLayout['actuators'], critic: NetworkSpec['critic'], hidden: readonly number[]) {
  return parameterLayout(measureLayout({ sensors: SENSORS, actuators }), { hidden, activation: 'tanh', critic });
}

function namesOf(...args: Parameters<typeof layoutOf>): string[] {
  return layoutOf(...args).slices.map(({ name }) => name);
}

import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import type { DenseWorkspace } from '../../plugin/policy/dense.ts';
import { createKernelWorkspace } from '../../plugin/policy/kernel.ts';
import { ACTIVATIONS, type Activation } from '../../plugin/policy/network.ts';
import { createPlainWorkspace } from '../../plugin/policy/plain-dense.ts';

const EXACT: Readonly<Record<Activation, (x: number) => number>> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  swish: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

/** Where the tests put x, W with b, and y. */
const [X, W, Y, SIZE] = [16, 1024, 4096, 8192];

describe.each([
  ['createPlainWorkspace', createPlainWorkspace],
  ['createKernelWorkspace', createKernelWorkspace],
])('%s', (_, create) => {
  const workspace = create(SIZE) as DenseWorkspace;

  it('starts with the requested number of zeros', () => {
    expect(create(100_000)!.floats.slice(0, 100_000)).toEqual(new Float32Array(100_000));
  });

  const cases = [1, 2, 3, 5, 8].flatMap((inputs) => [4, 8, 12, 20, 36].map((outputs) => [inputs, outputs] as const));

  it.each(cases)('computes x·W + b of %i inputs and %i outputs, for 1 to 9 rows', (inputs, outputs) => {
    const random = new Random(inputs, outputs);
    for (let rows = 1; rows <= 9; rows++) {
      const x = integers(random, rows * inputs);
      const w = integers(random, (1 + inputs) * outputs);
      const expected = Array.from({ length: rows * outputs }, (_, i) => {
        const [row, column] = [Math.floor(i / outputs), i % outputs];
        let sum = w[column]; // small integers: every order of adding gives the same
        for (let k = 0; k < inputs; k++) sum += x[row * inputs + k] * w[(1 + k) * outputs + column];
        return sum;
      });
      expect(run(workspace, x, w, rows, inputs, outputs)).toEqual(expected);
    }
  });

  it.each(ACTIVATIONS)('applies %s to the sums', (activation) => {
    const sums = [-1000, -50, -9, -1.5, -0.25, -1e-4, 0, 1e-4, 0.25, 1.5, 9, 50];
    const out = run(workspace, [], sums, 1, 0, sums.length, activation);
    sums.forEach((sum, i) => {
      const exact = EXACT[activation](Math.fround(sum));
      expect(Math.abs(out[i] - exact)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(exact)));
    });
  });

  it('keeps the digits of tanh near 0', () => {
    const out = run(workspace, [], [1e-4, 1e-6, 0, 0], 1, 0, 4, 'tanh');
    expect(out[0] / Math.tanh(1e-4)).toBeCloseTo(1, 6);
    expect(out[1] / Math.tanh(1e-6)).toBeCloseTo(1, 6);
  });

  it.each(ACTIVATIONS)('passes NaN through %s', (activation) => {
    const out = run(workspace, [], [1, Number.NaN, 1, 1], 1, 0, 4, activation);
    expect(out.map(Number.isNaN)).toEqual([false, true, false, false]);
  });

  it('gives a row the same bits whatever the rows around it', () => {
    const [rows, inputs, outputs] = [16, 40, 36];
    const random = new Random(7);
    const [x, w] = [rows * inputs, (1 + inputs) * outputs].map((n) => Array.from({ length: n }, () => random.normal()));
    const all = run(workspace, x, w, rows, inputs, outputs, 'tanh');
    for (const part of [1, 2, 3, 4, 5, 7, 9]) {
      const first = rows - part;
      const out = run(workspace, x.slice(first * inputs), w, part, inputs, outputs, 'tanh');
      expect(out).toEqual(all.slice(first * outputs));
    }
  });
});

/** One layer, with NaN around each of its matrices: a float read from outside spoils the sum. */
function run(
  { floats, dense }: DenseWorkspace,
  x: readonly number[],
  w: readonly number[],
  rows: number,
  inputs: number,
  outputs: number,
  activation?: Activation,
): readonly number[] {
  floats.fill(Number.NaN, 0, SIZE);
  floats.set(x, X);
  floats.set(w, W);
  floats.fill(77, Y, SIZE);
  dense(X, W, Y, rows, inputs, outputs, activation === undefined ? 0 : 1 + ACTIVATIONS.indexOf(activation));
  const end = Y + rows * outputs;
  expect([floats[Y - 1], floats[end], floats[end + 7]]).toEqual([Number.NaN, 77, 77]);
  return [...floats.subarray(Y, end)];
}

function integers(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.integer(17) - 8);
}

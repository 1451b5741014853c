import { beforeAll, describe, expect, it } from 'vitest';
import { openKernel } from './open.ts';

type Name = 'tanh' | 'relu' | 'swish' | 'elu';
type InPlace = (at: number, count: number) => void;

const EXACT: Readonly<Record<Name, (x: number) => number>> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  swish: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};
const NAMES = Object.keys(EXACT) as Name[];

describe('activations', () => {
  let kernel: Readonly<Record<Name, InPlace>> & { readonly floats: Float32Array };
  beforeAll(async () => {
    kernel = await openKernel<Readonly<Record<Name, InPlace>>>('kernels/activations.ts');
  });

  it.each(NAMES)('%s is within 1e-6 of its value everywhere', (name) => {
    const inputs = everywhere();
    const outputs = apply(name, inputs);
    let worst = 0;
    inputs.forEach((x, i) => {
      const exact = EXACT[name](x);
      const error = Math.abs(outputs[i] - exact) / Math.max(1, Math.abs(exact));
      worst = error <= worst ? worst : error; // NaN becomes the worst, and stays
    });
    expect(worst).toBeLessThan(1e-6);
  });

  it('tanh keeps every digit of an input near 0', () => {
    const inputs = Float32Array.of(1e-30, 1e-6, 1e-4, -0.01);
    apply('tanh', inputs).forEach((y, i) => {
      expect(Math.abs(y / Math.tanh(inputs[i]) - 1)).toBeLessThan(4e-7);
    });
  });

  it('tanh never leaves [−1, 1], and turns with its sign', () => {
    const inputs = everywhere().filter((x) => x >= 0);
    const [right, left] = [
      apply('tanh', inputs),
      apply(
        'tanh',
        inputs.map((x) => -x),
      ),
    ];
    expect(Math.max(...right)).toBeLessThanOrEqual(1);
    expect(left).toEqual(right.map((y) => -y));
  });

  it('swish keeps the digits of small results: those of its exponential', () => {
    const inputs = Float32Array.from({ length: 4000 }, (_, i) => -i / 50); // to −80
    let worst = 0;
    apply('swish', inputs).forEach((y, i) => {
      if (i > 0) worst = Math.max(worst, Math.abs(y / EXACT.swish(inputs[i]) - 1));
    });
    expect(worst).toBeLessThan(4e-7);
  });

  it.each(NAMES)('%s keeps NaN visible, in its own place', (name) => {
    const [first, , third] = apply(name, Float32Array.of(0.5, 1, 0.5, 1));
    const outputs = apply(name, Float32Array.of(0.5, Number.NaN, 0.5, 1));
    expect([outputs[0], outputs[2]]).toEqual([first, third]);
    expect(outputs[1]).toBeNaN();
  });

  it.each(NAMES)('%s touches its own entries alone', (name) => {
    const { floats } = kernel;
    floats.fill(-3, 0, 20);
    kernel[name](4 * 4, 8);
    const touched = [...floats.subarray(0, 20)].map((x) => x !== -3);
    expect(touched).toEqual([...Array(4).fill(false), ...Array(8).fill(true), ...Array(8).fill(false)]);
  });

  function apply(name: Name, inputs: Float32Array): Float32Array {
    const { floats } = kernel;
    floats.set(inputs, 64);
    kernel[name](64 * 4, Math.ceil(inputs.length / 4) * 4);
    return floats.slice(64, 64 + inputs.length);
  }
});

/** Densely from −100 to 100, and the whole of float32 by powers of 10. */
function everywhere(): Float32Array {
  const dense = Array.from({ length: 200_001 }, (_, i) => (i - 100_000) / 1000);
  const powers = Array.from({ length: 38 + 44 }, (_, i) => 3 * 10 ** (i - 44));
  return Float32Array.from([...dense, ...powers, ...powers.map((x) => -x)]);
}

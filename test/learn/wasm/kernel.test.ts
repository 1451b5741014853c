import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKernel, type LearnerKernel, requireSimd } from '../../../plugin/learn/wasm/kernel.ts';

describe('requireSimd', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('passes if WebAssembly supports SIMD', () => {
    expect(requireSimd()).toBeUndefined();
  });

  it('gives the reason and what to do if it does not', async () => {
    vi.resetModules(); // a compiled module is kept
    const fresh = await import('../../../plugin/learn/wasm/kernel.ts');
    class Module {
      constructor() {
        throw new Error('invalid opcode 0xfd');
      }
    }
    vi.stubGlobal('WebAssembly', { Module });
    const message = /^\[agents\] The CPU learner needs WebAssembly with SIMD: invalid opcode 0xfd\. Update the browser/;
    expect(() => fresh.requireSimd()).toThrow(message);
    expect(() => fresh.createKernel(64)).toThrow(message);
  });
});

describe('createKernel', () => {
  let kernel: LearnerKernel;
  let floats: Float32Array;

  beforeEach(() => {
    const { kernel: opened, buffer } = createKernel(4096);
    kernel = opened;
    floats = new Float32Array(buffer);
  });

  /** Copies values to the float `at` and returns its address. */
  function put(at: number, values: readonly number[]): number {
    floats.set(values, at);
    return 4 * at;
  }
  const read = (at: number, count: number) => [...floats.subarray(at, at + count)];

  it('has whole pages of memory, all 0', () => {
    expect(floats.byteLength).toBe(65536);
    expect(floats.every((x) => x === 0)).toBe(true);
    expect(createKernel(65537).buffer.byteLength).toBe(2 * 65536);
  });

  it('reports how many pages it could not allocate', () => {
    expect(() => createKernel(2 ** 33)).toThrow(
      /^\[agents\] The CPU learner could not allocate 131072 pages of WebAssembly memory: /,
    );
  });

  it('fills rows, and no more', () => {
    kernel.fillRows(put(16, [1, 2, 3, 4]), put(32, Array(16).fill(9)), 3, 4);
    expect(read(32, 16)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 9, 9, 9, 9]);
  });

  it('clears floats, and no more', () => {
    kernel.clear(put(16, Array(12).fill(9)), 8);
    expect(read(16, 12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9]);
  });

  it('computes swish and its slope', () => {
    const z = [-90, -20, -1.5, -0.1, 0, 0.3, 2, 90];
    kernel.swish(put(16, z), put(32, Array(12).fill(9)), 8);
    z.forEach((x, i) => {
      const sigmoid = 1 / (1 + Math.exp(-x));
      const step = 1e-4;
      const swish = (x: number) => x / (1 + Math.exp(-x));
      expect(floats[16 + i]).toBeCloseTo(x * sigmoid, 5);
      expect(floats[32 + i]).toBeCloseTo((swish(x + step) - swish(x - step)) / (2 * step), 5);
    });
    expect(read(40, 4)).toEqual([9, 9, 9, 9]);
  });

  it('computes ELU and its gradient', () => {
    kernel.elu(put(16, [2, 0, -1, -100]), 4);
    [2, 0, Math.exp(-1) - 1, -1].forEach((y, i) => {
      expect(floats[16 + i]).toBeCloseTo(y, 6);
    });
    kernel.eluGradient(put(16, [2, 0, -0.25, -1]), put(32, [3, 2, 4, 5]), 4);
    expect(read(32, 4)).toEqual([3, 2 * (1 + 0), 4 * (1 - 0.25), 0]);
  });

  it('computes the gradients of tanh, ReLU and swish', () => {
    kernel.tanhGradient(put(16, [0, 0.5, -0.5, 1]), put(32, [2, 2, 4, 4]), 4);
    expect(read(32, 4)).toEqual([2, 2 * (1 - 0.25), 4 * (1 - 0.25), 0]);
    kernel.reluGradient(put(16, [0, 0.5, 0, 3]), put(32, [2, -2, Number.NaN, 4]), 4);
    expect(read(32, 4)).toEqual([0, -2, 0, 4]);
    kernel.swishGradient(put(16, [0, 0.5, -0.5, 1]), put(32, [2, 2, 4, 4]), 4);
    expect(read(32, 4)).toEqual([0, 1, -2, 4]);
  });

  it('transposes a matrix', () => {
    const entries = Array.from({ length: 8 * 4 }, (_, i) => i);
    kernel.transpose(put(16, entries), 8, 4, 4 * 64);
    expect(read(64, 32)).toEqual(entries.map((_, i) => (i % 8) * 4 + Math.floor(i / 8)));
  });

  it('sums squares without overflow', () => {
    expect(kernel.squaredNorm(put(16, [1, 2, 3, 4, 5, 6, 7, 8]), 8)).toBe(1 + 4 + 9 + 16 + 25 + 36 + 49 + 64);
    expect(kernel.squaredNorm(put(16, [1e30, 0, 0, 1e30]), 4) / 2e60).toBeCloseTo(1, 6);
  });

  it('takes a step of Adam: θ − α·m̂ / (√v̂ + ε)', () => {
    const [theta, g, m, v] = [
      put(16, [1, 1, 1, 0]),
      put(32, [1, -4, 0, 0]),
      put(48, [0.2, 0, 0.2, 0]),
      put(64, [0.04, 0, 0.04, 0]),
    ];
    const [scale, rate, step] = [0.5, 0.1, 3];
    kernel.adam(theta, g, m, v, 4, scale, rate / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step));
    const expected = (start: number, gradient: number, first: number, second: number) => {
      const m = 0.9 * first + 0.1 * scale * gradient;
      const v = 0.999 * second + 0.001 * (scale * gradient) ** 2;
      return [start - (rate * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-5), m, v];
    };
    [expected(1, 1, 0.2, 0.04), expected(1, -4, 0, 0), expected(1, 0, 0.2, 0.04), [0, 0, 0]].forEach((numbers, i) => {
      [floats[16 + i], floats[48 + i], floats[64 + i]].forEach((x, which) => {
        expect(x).toBeCloseTo(numbers[which], 6);
      });
    });
  });
});

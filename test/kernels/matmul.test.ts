import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { openKernel } from './open.ts';

interface Matmul {
  /** addresses and strides in bytes */
  multiply(
    ...args: [
      ...[a: number, aRow: number, aColumn: number],
      ...[b: number, bRow: number, c: number, cRow: number],
      ...[m: number, n: number, k: number],
    ]
  ): void;
}

describe('multiply', () => {
  let kernel: Matmul & { readonly floats: Float32Array };
  beforeAll(async () => {
    kernel = await openKernel<Matmul>('kernels/matmul.ts');
  });

  const ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16];
  // one block alone, each pair of blocks, all of them: 32 + 16 + 3·4 columns by single rows, 7·8 + 4 by four
  const COLUMNS = [4, 8, 12, 16, 20, 32, 36, 48, 60];

  it.each(COLUMNS)('is C + A·B of %i columns, for 0 to 16 rows and 0 to 9 terms', (n) => {
    for (const m of ROWS) {
      for (const k of [0, 1, 2, 5, 9]) {
        const { a, b, c } = integers(m, n, k);
        expect(run(a, b, c, m, n, k)).toEqual(product(a, b, c, m, n, k));
      }
    }
  });

  it('reads A transposed where the stride of its columns is the longer one', () => {
    const [m, n, k] = [7, 20, 5];
    const { a, b, c } = integers(m, n, k);
    const turned = a.map((_, i) => a[(i % m) * k + Math.floor(i / m)]); // [k, m]
    const { floats, multiply } = kernel;
    floats.fill(Number.NaN);
    floats.set(turned, 16);
    floats.set(b, 1024);
    floats.set(c, 4096);
    multiply(16 * 4, 4, m * 4, 1024 * 4, n * 4, 4096 * 4, n * 4, m, n, k);
    expect([...floats.subarray(4096, 4096 + m * n)]).toEqual(product(a, b, c, m, n, k));
  });

  it('leaves what lies between rows that are further apart', () => {
    const [m, n, k] = [5, 12, 3];
    const { a, b, c } = integers(m, n, k);
    const { floats, multiply } = kernel;
    floats.fill(77);
    const put = (matrix: readonly number[], width: number, at: number, stride: number) =>
      matrix.forEach((value, i) => {
        floats[at + Math.floor(i / width) * stride + (i % width)] = value;
      });
    put(a, k, 16, 6);
    put(b, n, 1024, 15);
    put(c, n, 4096, 17);
    multiply(16 * 4, 6 * 4, 4, 1024 * 4, 15 * 4, 4096 * 4, 17 * 4, m, n, k);
    const expected = product(a, b, c, m, n, k);
    for (let row = 0; row < m; row++) {
      const at = 4096 + row * 17;
      expect([...floats.subarray(at, at + 17)]).toEqual([...expected.slice(row * n, row * n + n), 77, 77, 77, 77, 77]);
    }
  });

  it('gives a row the same bits whatever the rows around it', () => {
    const [m, n, k] = [16, 60, 40];
    const random = new Random(3);
    const [a, b, c] = [m * k, k * n, m * n].map((count) => Array.from({ length: count }, () => random.normal()));
    const all = run(a, b, c, m, n, k);
    for (const rows of ROWS.slice(1)) {
      for (const first of [0, m - rows]) {
        const part = run(a.slice(first * k), b, c.slice(first * n), rows, n, k);
        expect(part).toEqual(all.slice(first * n, (first + rows) * n));
      }
    }
  });

  it('adds term after term in float32, beginning with what was there', () => {
    const [n, k] = [60, 4];
    const terms = [2 ** 24, 1, 1, -(2 ** 24)]; // 1 is lost beside 2²⁴, and the 3 of before with it but for its 4
    const b = Array.from({ length: k * n }, () => 1);
    for (const m of [1, 4]) {
      const a = Array.from({ length: m }, () => terms).flat();
      const c = Array.from({ length: m * n }, () => 3);
      expect(new Set(run(a, b, c, m, n, k))).toEqual(new Set([4])); // 3 + 2²⁴ rounds to 2²⁴ + 4; then +1, +1, −2²⁴
    }
  });

  /** C after one product of matrices that lie without gaps, NaN around them. */
  function run(a: readonly number[], b: readonly number[], c: readonly number[], m: number, n: number, k: number) {
    const { floats, multiply } = kernel;
    floats.fill(Number.NaN, 0, 16384);
    floats.set(a.slice(0, m * k), 16);
    floats.set(b, 4096);
    floats.set(c.slice(0, m * n), 8192);
    multiply(16 * 4, k * 4, 4, 4096 * 4, n * 4, 8192 * 4, n * 4, m, n, k);
    expect([floats[8191], floats[8192 + m * n]]).toEqual([Number.NaN, Number.NaN]);
    return [...floats.subarray(8192, 8192 + m * n)];
  }
});

/** Small integers, whose sums are exact in any order. */
function integers(m: number, n: number, k: number) {
  const random = new Random(m, n, k);
  const [a, b, c] = [m * k, k * n, m * n].map((count) => Array.from({ length: count }, () => random.integer(17) - 8));
  return { a, b, c };
}

function product(a: readonly number[], b: readonly number[], c: readonly number[], m: number, n: number, k: number) {
  return c.slice(0, m * n).map((before, i) => {
    const [row, column] = [Math.floor(i / n), i % n];
    let sum = before;
    for (let j = 0; j < k; j++) sum += a[row * k + j] * b[j * n + column];
    return sum;
  });
}

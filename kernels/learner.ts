// AssemblyScript: what a learner's gradient steps need besides the matrix product. All addresses and strides are in bytes,
// all counts in floats and multiples of 4.

import { exp } from './activations';

export { elu, relu, tanh } from './activations';
export { multiply } from './matmul';

/** Every row of out [rows, width] becomes a copy of row [width]. */
export function fillRows(row: usize, out: usize, rows: i32, width: i32): void {
  for (; rows > 0; rows--) {
    memory.copy(out, row, width << 2);
    out += width << 2;
  }
}

/** Sets `count` floats starting at `at` to 0. */
export function clear(at: usize, count: i32): void {
  memory.fill(at, 0, count << 2);
}

/** z = swish z, in place, and slope = its derivative: with σ = 1/(1 + e⁻ᶻ), y = z·σ and dy/dz = σ + y·(1 − σ). */
export function swish(z: usize, slope: usize, count: i32): void {
  const one = f32x4.splat(1);
  const end = z + (count << 2);
  for (; z < end; z += 16) {
    const x = v128.load(z);
    const sigmoid = f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
    const y = f32x4.mul(x, sigmoid);
    v128.store(slope, f32x4.add(sigmoid, f32x4.mul(y, f32x4.sub(one, sigmoid))));
    v128.store(z, y);
    slope += 16;
  }
}

/** d = d·(1 − y²), in place: from the gradient of y = tanh z to that of z. */
export function tanhGradient(y: usize, d: usize, count: i32): void {
  const one = f32x4.splat(1);
  const end = d + (count << 2);
  for (; d < end; d += 16) {
    const t = v128.load(y);
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(t, t))));
    y += 16;
  }
}

/** d = d where y > 0, else 0, in place: from the gradient of y = max(z, 0) to that of z. */
export function reluGradient(y: usize, d: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const end = d + (count << 2);
  for (; d < end; d += 16) {
    v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(y), zero)));
    y += 16;
  }
}

/** d = d where y > 0, else d·(1 + y), in place: from the gradient of y = ELU z to that of z. */
export function eluGradient(y: usize, d: usize, count: i32): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const end = d + (count << 2);
  for (; d < end; d += 16) {
    v128.store(d, f32x4.mul(v128.load(d), f32x4.add(one, f32x4.pmin(v128.load(y), zero))));
    y += 16;
  }
}

/** d = d·slope, in place. */
export function swishGradient(slope: usize, d: usize, count: i32): void {
  const end = d + (count << 2);
  for (; d < end; d += 16) {
    v128.store(d, f32x4.mul(v128.load(d), v128.load(slope)));
    slope += 16;
  }
}

/** out [columns, rows] = in [rows, columns] transposed, both counts multiples of 4. */
export function transpose(input: usize, rows: i32, columns: i32, out: usize): void {
  const inputRow = columns << 2;
  const outRow = rows << 2;
  for (let row = 0; row < rows; row += 4) {
    for (let column = 0; column < columns; column += 4)
      transposeFour(input + (column << 2), inputRow, out + column * outRow + (row << 2), outRow);
    input += inputRow << 2;
  }
}

function transposeFour(input: usize, inputRow: usize, out: usize, outRow: usize): void {
  const a = v128.load(input);
  const b = v128.load(input + inputRow);
  const c = v128.load(input + 2 * inputRow);
  const d = v128.load(input + 3 * inputRow);
  const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5); // a₀ b₀ a₁ b₁
  const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f64>(ab01, cd01, 0, 2)); // a₀ b₀ c₀ d₀
  v128.store(out + outRow, v128.shuffle<f64>(ab01, cd01, 1, 3));
  v128.store(out + 2 * outRow, v128.shuffle<f64>(ab23, cd23, 0, 2));
  v128.store(out + 3 * outRow, v128.shuffle<f64>(ab23, cd23, 1, 3));
}

/** Σ x² over `count` floats, summed in float64. */
export function squaredNorm(x: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (const end = x + (count << 2); x < end; x += 16) {
    const four = v128.load(x);
    const a = f64x2.promote_low_f32x4(four);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f64>(four, four, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1) on `count` weights θ with the gradient s·g, ε = 1e-5:
 *
 *   m ← 0.9·m + 0.1·s·g      v ← 0.999·v + 0.001·(s·g)²      θ ← θ − a·m / (√(v·c) + ε)
 *
 * @param s the factor from clipping by the global norm
 * @param a α/(1 − 0.9ᵗ)
 * @param c 1/(1 − 0.999ᵗ)
 */
export function adam(theta: usize, g: usize, m: usize, v: usize, count: i32, s: f32, a: f32, c: f32): void {
  const end = theta + (count << 2);
  for (; theta < end; theta += 16) {
    const gradient = f32x4.mul(v128.load(g), f32x4.splat(s));
    const first = f32x4.add(f32x4.mul(v128.load(m), f32x4.splat(0.9)), f32x4.mul(gradient, f32x4.splat(0.1)));
    const square = f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(0.001));
    const second = f32x4.add(f32x4.mul(v128.load(v), f32x4.splat(0.999)), square);
    v128.store(m, first);
    v128.store(v, second);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, f32x4.splat(c))), f32x4.splat(1e-5));
    v128.store(theta, f32x4.sub(v128.load(theta), f32x4.div(f32x4.mul(first, f32x4.splat(a)), root)));
    g += 16;
    m += 16;
    v += 16;
  }
}

// AssemblyScript: the activations after a dense layer, four floats at a time, in place. NaN stays NaN. f32x4.pmin(x, bound) is
// `bound < x ? bound : x`, one instruction, where f32x4.min takes several.

/** x = max(x, 0) over `count` floats starting at `at`; a multiple of 4. */
export function relu(at: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (const end = at + (count << 2); at < end; at += 16) v128.store(at, f32x4.pmax(v128.load(at), zero));
}

/**
 * x = tanh x over `count` floats starting at `at`, a multiple of 4; within 4e-7 of the true value, also near 0.
 *
 *   tanh x ≈ x·P(x²)/Q(x²)
 *
 * P and Q have degree 4 and minimize the largest relative error in [0, 7.9] (5.7e-9; the rest is rounding);
 * beyond 7.9, tanh is taken as tanh 7.9 = 1 − 2.7e-7.
 */
export function tanh(at: usize, count: i32): void {
  const bound = f32x4.splat(7.9);
  for (const end = at + (count << 2); at < end; at += 16) {
    const x = f32x4.pmax(f32x4.pmin(v128.load(at), bound), f32x4.neg(bound));
    const t = f32x4.mul(x, x);
    let p = f32x4.add(f32x4.mul(t, f32x4.splat(1.54277523e-8)), f32x4.splat(2.2023101e-5));
    p = f32x4.add(f32x4.mul(t, p), f32x4.splat(3.57898373e-3));
    p = f32x4.add(f32x4.mul(t, p), f32x4.splat(0.134506137));
    p = f32x4.add(f32x4.mul(t, p), f32x4.splat(1));
    let q = f32x4.add(f32x4.mul(t, f32x4.splat(8.59869467e-7)), f32x4.splat(3.42363669e-4));
    q = f32x4.add(f32x4.mul(t, q), f32x4.splat(2.61922068e-2));
    q = f32x4.add(f32x4.mul(t, q), f32x4.splat(0.467839417));
    q = f32x4.add(f32x4.mul(t, q), f32x4.splat(1));
    v128.store(at, f32x4.div(f32x4.mul(x, p), q));
  }
}

/** x = x·σ(x) = x/(1 + e⁻ˣ) over `count` floats starting at `at`, a multiple of 4. */
export function swish(at: usize, count: i32): void {
  for (const end = at + (count << 2); at < end; at += 16) {
    const x = v128.load(at);
    const held = f32x4.pmax(x, f32x4.splat(-87)); // there the quotient is 0 in float32, and e⁻ˣ stops growing
    v128.store(at, f32x4.div(held, f32x4.add(f32x4.splat(1), exp(f32x4.neg(x)))));
  }
}

/** x = ELU x (x above 0, eˣ − 1 below) over `count` floats starting at `at`, a multiple of 4: eˣ − 1 is never below x. */
export function elu(at: usize, count: i32): void {
  for (const end = at + (count << 2); at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, f32x4.pmax(x, f32x4.sub(exp(f32x4.pmin(x, f32x4.splat(0))), f32x4.splat(1))));
  }
}

/**
 * eˣ of four floats, within 2e-7 of the true value; x is clamped to [−87.3, 88.3], so that the result is neither 0 nor ∞.
 *
 *   n = round(x/ln 2), r = x − n·ln 2, eˣ = 2ⁿ·eʳ, eʳ ≈ 1 + r + r²·p(r)
 *
 * ln 2 is split in two, the first part with so few bits that n times it is exact (Cody and Waite 1980). p has degree 4 and
 * minimizes the largest relative error in [−½ ln 2, ½ ln 2] (3e-9).
 */
export function exp(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.3)), f32x4.splat(-87.3));
  const magic = f32x4.splat(12582912); // 1.5·2²³: adding to it rounds to an integer in the lowest bits
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(0.00138144)), f32x4.splat(0.00836878));
  p = f32x4.add(f32x4.mul(r, p), f32x4.splat(0.04166839));
  p = f32x4.add(f32x4.mul(r, p), f32x4.splat(0.1666652));
  p = f32x4.add(f32x4.mul(r, p), f32x4.splat(0.49999993));
  p = f32x4.add(f32x4.mul(f32x4.mul(r, r), p), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000)); // the bits of 2ⁿ
  return f32x4.mul(p, power);
}

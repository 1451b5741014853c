// AssemblyScript: the matrix product that every kernel builds on.

/**
 * C += A · B in float32. Every element of C is summed term by term over k, starting from its old value, so that a row of C
 * has the same bits whatever the rows around it. Strides are in bytes.
 *
 * Blocks of 4 rows and 8 columns: 8 independent sums, few enough for 16 registers. The remainder is computed row by row, 32
 * or 16 columns at once. A loop unrolled over k is slower (docs/decisions/0008-the-policy-kernel.md).
 *
 * @param a [m, k], element (i, j) at a + i·aRow + j·aColumn; to read A transposed, set aColumn to the length of a row
 * @param b [k, n], rows bRow apart, elements of a row contiguous
 * @param c [m, n], rows cRow apart, elements of a row contiguous
 * @param n a multiple of 4
 */
export function multiply(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  m: i32,
  n: i32,
  k: i32,
): void {
  const columns = (<usize>n) << 2; // bytes
  for (; m >= 4; m -= 4) {
    let at: usize = 0;
    for (; at + 32 <= columns; at += 32) fourByEight(a, aRow, aColumn, b + at, bRow, c + at, cRow, k);
    if (at < columns) fourByFour(a, aRow, aColumn, b + at, bRow, c + at, cRow, k);
    a += aRow << 2;
    c += cRow << 2;
  }
  for (; m > 0; m--) {
    let at: usize = 0;
    for (; at + 128 <= columns; at += 128) oneByThirtyTwo(a, aColumn, b + at, bRow, c + at, k);
    for (; at + 64 <= columns; at += 64) oneBySixteen(a, aColumn, b + at, bRow, c + at, k);
    for (; at < columns; at += 16) oneByFour(a, aColumn, b + at, bRow, c + at, k);
    a += aRow;
    c += cRow;
  }
}

function fourByEight(
  a0: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c0: usize,
  cRow: usize,
  k: i32,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  const c1 = c0 + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = v128.load(c0);
  let s01 = v128.load(c0, 16);
  let s10 = v128.load(c1);
  let s11 = v128.load(c1, 16);
  let s20 = v128.load(c2);
  let s21 = v128.load(c2, 16);
  let s30 = v128.load(c3);
  let s31 = v128.load(c3, 16);
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a0 += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    b += bRow;
  }
  v128.store(c0, s00);
  v128.store(c0, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function fourByFour(
  a0: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c0: usize,
  cRow: usize,
  k: i32,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  const c1 = c0 + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s0 = v128.load(c0);
  let s1 = v128.load(c1);
  let s2 = v128.load(c2);
  let s3 = v128.load(c3);
  for (; k > 0; k--) {
    const w = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a0), w));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a1), w));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a2), w));
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a3), w));
    a0 += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    b += bRow;
  }
  v128.store(c0, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c3, s3);
}

function oneByThirtyTwo(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, k: i32): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  let s2 = v128.load(c, 32);
  let s3 = v128.load(c, 48);
  let s4 = v128.load(c, 64);
  let s5 = v128.load(c, 80);
  let s6 = v128.load(c, 96);
  let s7 = v128.load(c, 112);
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b, 48)));
    s4 = f32x4.add(s4, f32x4.mul(x, v128.load(b, 64)));
    s5 = f32x4.add(s5, f32x4.mul(x, v128.load(b, 80)));
    s6 = f32x4.add(s6, f32x4.mul(x, v128.load(b, 96)));
    s7 = f32x4.add(s7, f32x4.mul(x, v128.load(b, 112)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
  v128.store(c, s4, 64);
  v128.store(c, s5, 80);
  v128.store(c, s6, 96);
  v128.store(c, s7, 112);
}

function oneBySixteen(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, k: i32): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  let s2 = v128.load(c, 32);
  let s3 = v128.load(c, 48);
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b, 48)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
}

function oneByFour(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, k: i32): void {
  let s = v128.load(c);
  for (; k > 0; k--) {
    s = f32x4.add(s, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s);
}

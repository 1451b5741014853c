import type { Dense, DenseWorkspace } from './dense.ts';
import { ACTIVATIONS } from './network.ts';

/** A workspace in plain TypeScript. Sums are computed in float64 and stored in float32. */
export function createPlainWorkspace(size: number): DenseWorkspace {
  const floats = new Float32Array(size);
  return { floats, dense: denseOver(floats) };
}

function denseOver(floats: Float32Array): Dense {
  return (x, w, y, rows, inputs, columns, activation) => {
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column += 4)
        oneByFour(floats, x + row * inputs, inputs, w + column, y + row * columns + column, columns);
    applyActivation(floats, y, rows * columns, activation);
  };
}

/** One row and four columns at once, so that each input is read once for four outputs. */
function oneByFour(f: Float32Array, x: number, inputs: number, w: number, y: number, columns: number): void {
  let y0 = f[w];
  let y1 = f[w + 1];
  let y2 = f[w + 2];
  let y3 = f[w + 3];
  for (let k = 0, at = w + columns; k < inputs; k++, at += columns) {
    const a = f[x + k];
    y0 += a * f[at];
    y1 += a * f[at + 1];
    y2 += a * f[at + 2];
    y3 += a * f[at + 3];
  }
  f[y] = y0;
  f[y + 1] = y1;
  f[y + 2] = y2;
  f[y + 3] = y3;
}

function applyActivation(f: Float32Array, at: number, count: number, activation: number): void {
  const end = at + count;
  switch (ACTIVATIONS[activation - 1]) {
    case 'tanh':
      for (; at < end; at++) f[at] = 1 - 2 / (Math.exp(2 * f[at]) + 1); // tanh, within 1e-15 of Math.tanh near 0
      return;
    case 'relu':
      for (; at < end; at++) if (f[at] < 0) f[at] = 0;
      return;
    case 'swish':
      for (; at < end; at++) f[at] /= 1 + Math.exp(-f[at]);
      return;
    case 'elu':
      for (; at < end; at++) if (f[at] < 0) f[at] = Math.expm1(f[at]);
  }
}

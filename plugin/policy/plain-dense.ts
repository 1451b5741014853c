import { ACTIVATION_CODES, type Dense, type Workspace } from './dense.ts';

/** A workspace of plain TypeScript. Sums are made in float64 and kept in float32. */
export function createPlainWorkspace(size: number): Workspace {
  const floats = new Float32Array(size);
  return { floats, dense: denseOver(floats) };
}

function denseOver(floats: Float32Array): Dense {
  return (x, w, y, rows, inputs, columns, activation) => {
    let row = 0;
    for (; row + 4 <= rows; row += 4)
      for (let column = 0; column < columns; column += 2)
        fourByTwo(floats, x + row * inputs, inputs, w + column, y + row * columns + column, columns);
    for (; row < rows; row++)
      for (let column = 0; column < columns; column += 4)
        oneByFour(floats, x + row * inputs, inputs, w + column, y + row * columns + column, columns);
    applyActivation(floats, y, rows * columns, activation);
  };
}

/** Four rows and two columns at once, so that each weight that is read serves four agents and each input two outputs. */
function fourByTwo(f: Float32Array, x0: number, inputs: number, w: number, y: number, columns: number): void {
  const x1 = x0 + inputs;
  const x2 = x1 + inputs;
  const x3 = x2 + inputs;
  let y00 = f[w];
  let y01 = f[w + 1];
  let y10 = y00;
  let y11 = y01;
  let y20 = y00;
  let y21 = y01;
  let y30 = y00;
  let y31 = y01;
  for (let k = 0, at = w + columns; k < inputs; k++, at += columns) {
    const w0 = f[at];
    const w1 = f[at + 1];
    const a0 = f[x0 + k];
    const a1 = f[x1 + k];
    const a2 = f[x2 + k];
    const a3 = f[x3 + k];
    y00 += a0 * w0;
    y01 += a0 * w1;
    y10 += a1 * w0;
    y11 += a1 * w1;
    y20 += a2 * w0;
    y21 += a2 * w1;
    y30 += a3 * w0;
    y31 += a3 * w1;
  }
  f[y] = y00;
  f[y + 1] = y01;
  f[y + columns] = y10;
  f[y + columns + 1] = y11;
  f[y + 2 * columns] = y20;
  f[y + 2 * columns + 1] = y21;
  f[y + 3 * columns] = y30;
  f[y + 3 * columns + 1] = y31;
}

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
  switch (activation) {
    case ACTIVATION_CODES.tanh:
      for (; at < end; at++) f[at] = 1 - 2 / (Math.exp(2 * f[at]) + 1); // tanh, within 1e-15 of Math.tanh near 0
      return;
    case ACTIVATION_CODES.relu:
      for (; at < end; at++) if (f[at] < 0) f[at] = 0;
      return;
    case ACTIVATION_CODES.swish:
      for (; at < end; at++) f[at] /= 1 + Math.exp(-f[at]);
  }
}

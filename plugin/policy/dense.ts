/** What follows a dense layer, as the kernel counts them. */
export const ACTIVATION_CODES = { none: 0, tanh: 1, relu: 2, swish: 3 } as const;

/**
 * One dense layer, y = activation(x·W + b), over matrices that lie without gaps in a workspace. Places count floats. A row
 * of y is the same to the last bit whatever the rows around it.
 *
 * @param x          [rows, inputs]
 * @param w          [1 + inputs, outputs]: b, then W
 * @param y          [rows, outputs], overwritten
 * @param outputs    a multiple of 4
 * @param activation one of ACTIVATION_CODES
 */
export type Dense = (
  x: number,
  w: number,
  y: number,
  rows: number,
  inputs: number,
  outputs: number,
  activation: number,
) => void;

/** Floats, zeros at first, and what computes over them. */
export interface Workspace {
  readonly floats: Float32Array;
  readonly dense: Dense;
}

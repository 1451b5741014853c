/**
 * One dense layer, y = activation(x·W + b), over contiguous matrices in a workspace. Offsets count floats. A row of y is the
 * same to the last bit whatever the rows around it.
 *
 * @param x          [rows, inputs]
 * @param w          [1 + inputs, outputs]: b, then W
 * @param y          [rows, outputs], overwritten
 * @param outputs    a multiple of 4
 * @param activation 0 for none, else the position in ACTIVATIONS, starting at 1
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

/** Floats, initially zero, and the function that computes over them. */
export interface DenseWorkspace {
  readonly floats: Float32Array;
  readonly dense: Dense;
}

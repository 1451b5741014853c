import type { LayoutSizes } from '../core/layout.ts';
import { type DenseLayer, denseLayer, type NetworkSpec, type WeightLayout } from './network.ts';

/** Rows that go through a network at once. A workspace has room for these and never grows, however large the batch. */
export const BLOCK_ROWS = 64;

/**
 * Dense layers of the flat vector that read the same input, side by side in one matrix [1 + inputs, outputs] of a
 * workspace: biases first, then weights. Its columns are padded with zeros to a multiple of 4, and its rows to the columns
 * of the previous layer.
 */
export interface PackedLayer {
  readonly parts: readonly DenseLayer[];
  readonly inputs: number;
  readonly outputs: number;
  /** where the matrix begins */
  readonly place: number;
}

/** Where a workspace holds a network's weights and intermediate values, in floats. */
export interface PackedNetwork {
  /** hidden layers, then all heads in one: continuous · discrete · value (if the critic is shared) */
  readonly actor: readonly PackedLayer[];
  /** hidden layers, then the value; the actor's layers if the critic is shared, empty without a critic */
  readonly critic: readonly PackedLayer[];
  /** the column of the value among the critic's outputs */
  readonly valueColumn: number;
  /** [BLOCK_ROWS, O] normalized observations */
  readonly input: number;
  /** [BLOCK_ROWS, widest] each: the outputs of layers 0, 2, … and of layers 1, 3, … */
  readonly between: readonly [number, number];
  /** total floats */
  readonly size: number;
}

/** Lays out a network. Heads that read the same features become one matrix, so that a narrow head costs no extra pass. */
export function packNetwork(sizes: LayoutSizes, network: NetworkSpec, layout: WeightLayout): PackedNetwork {
  const { hidden, critic } = network;
  const places = new Places();
  const stack = (name: string, heads: readonly string[]) => {
    const packed: PackedLayer[] = [];
    let inputs = sizes.observation;
    for (const names of [...hidden.map((_, i) => [`${name}.${i}`]), heads]) {
      if (names.length === 0) continue;
      const parts = names.map((part) => denseLayer(layout, part));
      const outputs = roundUp(
        parts.reduce((sum, part) => sum + part.outputs, 0),
        4,
      );
      packed.push({ parts, inputs, outputs, place: places.take((1 + inputs) * outputs) });
      inputs = outputs;
    }
    return packed;
  };
  const heads: string[] = [];
  if (sizes.continuous > 0) heads.push('continuous');
  if (sizes.mask > 0) heads.push('discrete');
  if (critic === 'shared') heads.push('value');
  const actor = stack('trunk', heads);
  const own = critic === 'separate' ? stack('critic', ['value']) : [];
  const widest = Math.max(0, ...[...actor, ...own].map(({ outputs }) => outputs));
  const input = places.take(BLOCK_ROWS * sizes.observation);
  const between = [places.take(BLOCK_ROWS * widest), places.take(BLOCK_ROWS * widest)] as const;
  return {
    actor,
    critic: critic === 'shared' ? actor : own,
    valueColumn: critic === 'shared' ? sizes.continuous + sizes.mask : 0,
    input,
    between,
    size: places.size,
  };
}

/** Copies the weights and biases of `layers` from the flat vector into place; the padding is left alone. */
export function copyWeights(weights: Float32Array, layers: readonly PackedLayer[], floats: Float32Array): void {
  for (const { parts, place, outputs: columns } of layers) {
    let first = place;
    for (const { inputs, outputs, weight, bias } of parts) {
      for (let column = 0; column < outputs; column++) floats[first + column] = weights[bias + column];
      for (let row = 0, from = weight, to = first + columns; row < inputs; row++, from += outputs, to += columns) {
        for (let column = 0; column < outputs; column++) floats[to + column] = weights[from + column];
      }
      first += outputs;
    }
  }
}

/** Allocates places one after another, each at the start of a cache line. */
class Places {
  size = 0;

  take(floats: number): number {
    const place = this.size;
    this.size = roundUp(place + floats, 16);
    return place;
  }
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

import { denseLayer, requireSlice } from '../../policy/network.ts';
import type { LearnerContext } from '../engine.ts';

/** A dense layer of the packed vector; offsets in floats. */
export interface PaddedLayer {
  /** a multiple of 4, padded with zeros */
  readonly inputs: number;
  /** a multiple of 8, padded with zeros */
  readonly outputs: number;
  /** where its weights [inputs, outputs] begin, row-major */
  readonly weight: number;
  /** where its biases [outputs] begin */
  readonly bias: number;
}

/**
 * The trained weights as the kernel needs them: widths are padded with zeros, and heads that read the same features are
 * side by side in one matrix. Padding has no gradient, so gradient steps leave it 0.
 */
export interface Packing {
  /** hidden layers, then heads: of the policy, and of a separate critic if there is one */
  readonly stacks: readonly (readonly PaddedLayer[])[];
  /** columns of the heads' matrices where μ [C] and logits [M] of the first stack and V of the last one begin */
  readonly columns: { readonly mean: number; readonly logits: number; readonly value: number };
  /** where log σ [C] begins */
  readonly logDeviation: number;
  /** floats, a multiple of 4 */
  readonly size: number;
  /** [P − trainable] the position of each trained weight of the flat vector */
  readonly places: Int32Array;
}

/** Packs the network of a policy in training. */
export function createPacking({ spec: { network }, sizes, layout }: LearnerContext): Packing {
  const places = new Int32Array(layout.size - layout.trainable);
  let size = 0;

  const place = (from: number, to: number, count: number) => {
    for (let i = 0; i < count; i++) places[from - layout.trainable + i] = to + i;
  };
  const addLayer = (inputs: number, names: readonly string[]): PaddedLayer => {
    const parts = names.map((name) => denseLayer(layout, name));
    const outputs = roundUp(sum(parts.map((part) => part.outputs)), 8);
    const layer = { inputs, outputs, weight: size, bias: size + inputs * outputs };
    let column = 0;
    for (const part of parts) {
      for (let row = 0; row < part.inputs; row++)
        place(part.weight + row * part.outputs, layer.weight + row * outputs + column, part.outputs);
      place(part.bias, layer.bias + column, part.outputs);
      column += part.outputs;
    }
    size = layer.bias + outputs;
    return layer;
  };
  const addStack = (name: string, heads: readonly string[]): PaddedLayer[] => {
    const layers: PaddedLayer[] = [];
    const width = () => layers.at(-1)?.outputs ?? roundUp(sizes.observation, 4);
    network.hidden.forEach((_, i) => {
      layers.push(addLayer(width(), [`${name}.${i}`]));
    });
    return [...layers, addLayer(width(), heads)];
  };

  const separate = network.critic === 'separate';
  const heads = [
    ...(sizes.continuous > 0 ? ['continuous'] : []),
    ...(sizes.mask > 0 ? ['discrete'] : []),
    ...(separate ? [] : ['value']),
  ];
  const stacks = [addStack('trunk', heads), ...(separate ? [addStack('critic', ['value'])] : [])];
  if (sizes.continuous > 0) place(requireSlice(layout, 'continuous.logDeviation').offset, size, sizes.continuous);
  return {
    stacks,
    columns: { mean: 0, logits: sizes.continuous, value: separate ? 0 : sizes.continuous + sizes.mask },
    logDeviation: size,
    size: size + roundUp(sizes.continuous, 4),
    places,
  };
}

/** packed[places[i]] = flat[i], and the padding 0 */
export function pack({ places }: Packing, flat: Float32Array, packed: Float32Array): void {
  packed.fill(0); // a dropped update may have left NaN in the padding
  for (let i = 0; i < places.length; i++) packed[places[i]] = flat[i];
}

/** The inverse of pack(). */
export function unpack({ places }: Packing, packed: Float32Array): Float32Array {
  const flat = new Float32Array(places.length);
  for (let i = 0; i < places.length; i++) flat[i] = packed[places[i]];
  return flat;
}

function roundUp(count: number, multiple: number): number {
  return Math.ceil(count / multiple) * multiple;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
